import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Draft, makeDraftBox } from './draft-box.ts'

/** A server that can be slow or away, and a browser's store that outlives a page. */
function aWorld() {
  const store = new Map<string, string>()
  const server = {
    text: '',
    channelId: null as string | null,
    savedAt: null as string | null,
    saves: 0,
    away: false,
  }
  let ids = 0
  const page = () =>
    makeDraftBox('draft', {
      storage: {
        getItem: (key) => store.get(key) ?? null,
        setItem: (key, value) => void store.set(key, value),
        removeItem: (key) => void store.delete(key),
      },
      load: async () => {
        if (server.away) throw new Error('away')
        return { text: server.text, channelId: server.channelId, savedAt: server.savedAt }
      },
      save: async (draft: Draft) => {
        if (server.away) throw new Error('away')
        server.saves++
        Object.assign(server, draft, { savedAt: `save ${server.saves}` })
        return { savedAt: server.savedAt! }
      },
      newId: () => `id ${++ids}`,
    })
  return { server, store, page }
}
const typed = (text: string): Draft => ({ text, channelId: null })
const lost = new Error('the answer was lost')
const refused = new Error('refused')
const isRefused = (error: unknown) => error === refused

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('words are on the server a moment after the last key, saved once', async () => {
  const { server, page } = aWorld()
  const box = page()

  for (const text of ['S', 'So', 'Sorry']) box.change(typed(text))
  await vi.advanceTimersByTimeAsync(700)

  expect([server.text, server.saves, box.state().saving]).toEqual(['Sorry', 1, 'saved'])
})

test('words typed while the server is away survive a reload and reach it when it is back', async () => {
  const { server, page } = aWorld()
  server.away = true
  const before = page()
  before.change(typed('written offline'))
  await vi.advanceTimersByTimeAsync(700)
  expect(before.state().saving).toBe('here-only')

  const after = page()
  server.away = false
  await after.open()

  expect([after.state().draft.text, server.text]).toEqual(['written offline', 'written offline'])
})

test('words written elsewhere meanwhile are kept beside ours', async () => {
  const { server, page } = aWorld()
  const box = page()
  await box.open()
  server.away = true
  box.change(typed('mine'))
  Object.assign(server, { text: 'from the other machine', savedAt: 'later', away: false })

  await box.open()

  expect(server.text).toBe('mine\n\nfrom the other machine')
})

test('what was sent does not come back, however slow the answer is', async () => {
  const { server, page } = aWorld()
  const box = page()
  box.change(typed('On its way'))
  const sending = box.send(async () => {
    await vi.advanceTimersByTimeAsync(5_000)
    Object.assign(server, { text: '', savedAt: null })
  }, isRefused)

  await sending
  await vi.advanceTimersByTimeAsync(5_000)

  expect([box.state().draft.text, server.text, page().state().draft.text]).toEqual(['', '', ''])
})

test('a lost answer is asked for again under the same id, a refusal under a new one', async () => {
  const { page } = aWorld()
  const box = page()
  box.change(typed('Sorry about that'))
  const asked: string[] = []
  const post = (error: Error | null) =>
    box.send(async ({ replyId }) => {
      asked.push(replyId)
      if (error) throw error
    }, isRefused)

  await expect(post(lost)).rejects.toBe(lost)
  await expect(post(lost)).rejects.toBe(lost)
  await expect(post(refused)).rejects.toBe(refused)
  await post(null)

  expect(asked).toEqual(['id 1', 'id 1', 'id 1', 'id 2'])
})

test('the id outlives a reload, and a reply that the case already shows is dropped from the draft', async () => {
  const { server, page } = aWorld()
  const box = page()
  box.change(typed('Sorry about that'))
  let id = ''
  const sending = box.send(async ({ replyId }) => {
    id = replyId
    throw lost
  }, isRefused)
  await expect(sending).rejects.toBe(lost)
  // The page is gone, and its timers with it.
  vi.clearAllTimers()

  const after = page()
  expect(after.state().draft.text).toBe('Sorry about that')
  after.settle([id])
  await vi.advanceTimersByTimeAsync(1_000)

  expect([after.state().draft.text, server.text]).toEqual(['', ''])
})

test('a case that shows the reply before its lost answer is given up empties the draft all the same', async () => {
  const { page } = aWorld()
  const box = page()
  box.change(typed('Sorry about that'))

  const sending = box.send(async ({ replyId }) => {
    box.settle([replyId])
    throw lost
  }, isRefused)

  await expect(sending).rejects.toBe(lost)
  expect(box.state().draft.text).toBe('')
})

test('words typed after a lost answer are the next reply, when the first turns out to have arrived', async () => {
  const { server, page } = aWorld()
  const box = page()
  box.change(typed('First'))
  await expect(box.send(async () => Promise.reject(lost), isRefused)).rejects.toBe(lost)
  box.change(typed('First, and a second thought'))

  box.settle(['id 1'])
  await vi.advanceTimersByTimeAsync(1_000)

  expect([box.state().draft.text, server.text]).toEqual([
    'First, and a second thought',
    'First, and a second thought',
  ])
})

test('what is typed while a reply is on its way stays, as the next one', async () => {
  const { server, page } = aWorld()
  const box = page()
  box.change(typed('First'))
  const ids: string[] = []
  await box.send(async ({ replyId }) => {
    ids.push(replyId)
    box.change(typed('First and more'))
  }, isRefused)
  await vi.advanceTimersByTimeAsync(1_000)
  await box.send(async ({ replyId }) => void ids.push(replyId), isRefused)

  expect(ids).toEqual(['id 1', 'id 2'])
  expect(server.text).toBe('First and more')
})

test('two tabs show the same words, and sending in one empties the other', async () => {
  const { page } = aWorld()
  const [one, two] = [page(), page()]
  one.change(typed('Hello'))
  two.hearOtherTab()
  expect(two.state().draft.text).toBe('Hello')

  await one.send(async () => {}, isRefused)
  two.hearOtherTab()

  expect(two.state().draft.text).toBe('')
})
