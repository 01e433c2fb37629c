/**
 * An agent's unsent words for one case, kept so that no reload, crash, lost line or second tab loses them, and so that
 * sending twice is one reply.
 *
 * In:  keys pressed, the server's copy, what other tabs of this browser keep, and the press of "send".
 * Out: the draft as it stands and how safe it is. Kept here at every key, on the server a moment after the last one.
 *
 * Words that the server has not acknowledged win over its copy; where both have changed, both stay. The reply's id
 * lives with the words: however often they are sent, and over a reload, it is the same reply until it is accepted.
 */
export type Draft = { text: string; channelId: string | null }
export type Saving = 'none' | 'saving' | 'saved' | 'here-only'
export type DraftState = { draft: Draft; saving: Saving; sending: boolean }
export type Asked = Draft & { replyId: string }

/** `asked`: the words that went out under this id, for a reply whose answer was lost. */
type Kept = Asked & { dirty: boolean; base: string | null; asked: string | null }
export type Ways = {
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  load(): Promise<Draft & { savedAt: string | null }>
  save(draft: Draft): Promise<{ savedAt: string }>
  newId(): string
}
export type DraftBox = ReturnType<typeof makeDraftBox>

const saveAfterMs = 600
const tryAgainAfterMs = 5_000

export function makeDraftBox(key: string, ways: Ways) {
  let kept: Kept = read() ?? blank()
  let state: DraftState = { draft: draftOf(kept), saving: kept.dirty ? 'here-only' : 'none', sending: false }
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> | null = null
  let accepted: readonly string[] = []
  const watchers = new Set<() => void>()

  function blank(channelId: string | null = null): Kept {
    return { text: '', channelId, replyId: ways.newId(), dirty: false, base: null, asked: null }
  }
  function show(next: Partial<DraftState>): void {
    state = { ...state, ...next }
    for (const tell of watchers) tell()
  }
  function put(next: Kept): void {
    kept = next
    write()
    const { text, channelId } = state.draft
    if (text !== next.text || channelId !== next.channelId) show({ draft: draftOf(next) })
  }

  /** Takes in the server's copy: when the case is opened, and when an undone reply's words came back to it. */
  async function open(): Promise<void> {
    const server = await ways.load().catch(() => null)
    if (!kept.dirty && server) {
      put({ ...kept, text: server.text, channelId: server.channelId ?? kept.channelId, base: server.savedAt })
      show({ saving: server.text ? 'saved' : 'none' })
    }
    if (!kept.dirty) return
    if (!server) return later(tryAgainAfterMs)
    const bothChanged = server.savedAt !== kept.base && server.text !== '' && !kept.text.includes(server.text)
    if (bothChanged) put({ ...kept, text: `${kept.text}\n\n${server.text}`, base: server.savedAt })
    await save()
  }

  function change(next: Draft): void {
    put({ ...kept, ...next, dirty: true })
    later(saveAfterMs)
  }

  function later(ms: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void save(), ms)
  }

  /** One save at a time, and none beside a send: the server throws the draft away with the send. */
  async function save(): Promise<void> {
    clearTimeout(timer)
    while (running) await running
    if (!kept.dirty || state.sending) return
    running = saveOnce(kept).finally(() => {
      running = null
    })
    await running
  }
  async function saveOnce(saving: Kept): Promise<void> {
    show({ saving: 'saving' })
    try {
      const { savedAt } = await ways.save(draftOf(saving))
      const unchanged = saving.text === kept.text && saving.channelId === kept.channelId
      put({ ...kept, dirty: !unchanged, base: savedAt })
      show({ saving: kept.text ? 'saved' : 'none' })
      if (!unchanged) later(saveAfterMs)
    } catch {
      show({ saving: 'here-only' })
      later(tryAgainAfterMs)
    }
  }

  /** `post` throws when it was not accepted; `isRefused` tells a refusal from an answer that was lost on its way. */
  async function send<T>(
    post: (asked: Asked) => Promise<T>,
    isRefused: (error: unknown) => boolean,
  ): Promise<T> {
    clearTimeout(timer)
    show({ sending: true })
    while (running) await running
    const asked: Asked = { ...draftOf(kept), replyId: kept.replyId }
    put({ ...kept, asked: asked.text })
    try {
      const answered = await post(asked)
      sent(asked)
      return answered
    } catch (error) {
      if (isRefused(error)) put({ ...kept, replyId: ways.newId(), asked: null })
      if (kept.dirty) later(saveAfterMs)
      throw error
    } finally {
      show({ sending: false })
      settle(accepted)
    }
  }

  /** Accepted: nothing of it is left here. What was typed meanwhile is the next reply. */
  function sent(asked: Asked): void {
    if (kept.text === asked.text) {
      put(blank(kept.channelId))
      show({ saving: 'none' })
    } else {
      put({ ...kept, replyId: ways.newId(), asked: null, dirty: true })
      later(saveAfterMs)
    }
  }

  /** The case shows these replies: one with our id was accepted, though its answer never reached this page. */
  function settle(acceptedIds: readonly string[]): void {
    accepted = acceptedIds
    // While a send is on its way its own answer comes first; it asks again when it is over.
    if (state.sending || !accepted.includes(kept.replyId)) return
    sent({ ...draftOf(kept), text: kept.asked ?? kept.text, replyId: kept.replyId })
    // The server threw its copy away with the reply, or keeps one from before it.
    if (kept.text === '') void ways.save(draftOf(kept)).catch(() => {})
  }

  /** Another tab of this browser wrote: both show the same words. */
  function hearOtherTab(): void {
    const theirs = read()
    if (state.sending) return
    kept = theirs ?? blank(kept.channelId)
    show({ draft: draftOf(kept), saving: kept.text ? 'saved' : 'none' })
  }

  function read(): Kept | null {
    try {
      const found = JSON.parse(ways.storage.getItem(key) ?? 'null') as Kept | null
      return found && typeof found.text === 'string' && typeof found.replyId === 'string' ? found : null
    } catch {
      return null
    }
  }
  function write(): void {
    try {
      if (kept.text === '' && !kept.dirty) ways.storage.removeItem(key)
      else ways.storage.setItem(key, JSON.stringify(kept))
    } catch {
      // A full or forbidden store: the server's copy is the one that counts.
    }
  }

  return {
    key,
    open,
    change,
    save,
    send,
    settle,
    hearOtherTab,
    state: () => state,
    watch(tell: () => void) {
      watchers.add(tell)
      return () => void watchers.delete(tell)
    },
  }
}

const draftOf = ({ text, channelId }: Draft): Draft => ({ text, channelId })
