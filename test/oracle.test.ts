/** The judge of the fault suite must be able to say guilty: one case of each kind, and one where all is well. */
import { expect, test } from 'vitest'
import { type Findings, judge, lineOf, readTruth, type TruthLine } from './rig/oracle.ts'

const truth: TruthLine[] = [
  { op: 'post', token: 'tokone', author: 'did:plc:kim', threadToken: null },
  { op: 'posted', token: 'tokone', uri: 'at://kim/1' },
  { op: 'post', token: 'toktwo', author: 'did:plc:kim', threadToken: 'tokone' },
  { op: 'posted', token: 'toktwo', uri: 'at://kim/2' },
  { op: 'post', token: 'tokgone', author: 'did:plc:lou', threadToken: null },
  { op: 'posted', token: 'tokgone', uri: 'at://lou/1' },
  { op: 'delete', token: 'tokgone' },
  { op: 'reply', token: 'ansone', replyId: 'r1', caseId: 'c1' },
  { op: 'accepted', token: 'ansone' },
  { op: 'reply', token: 'anstwo', replyId: 'r2', caseId: 'c1' },
  { op: 'accepted', token: 'anstwo' },
  { op: 'reply', token: 'ansgone', replyId: 'r3', caseId: 'c1' },
  { op: 'accepted', token: 'ansgone' },
  { op: 'owner-delete', token: 'ansgone' },
]

function allWell(): Findings {
  return {
    remotePosts: ['at://kim/1', 'at://kim/2'],
    remoteReplies: [
      { uri: 'at://us/1', text: 'ansone' },
      { uri: 'at://us/2', text: 'anstwo' },
    ],
    posts: [
      { uri: 'at://kim/1', text: 'acme tokone', caseId: 'c1' },
      { uri: 'at://kim/2', text: 'toktwo', caseId: 'c1' },
      { uri: 'at://lou/1', text: null, caseId: 'c2' },
    ],
    cases: [
      { caseId: 'c1', threadUri: 'at://kim/1', author: 'kim' },
      { caseId: 'c2', threadUri: 'at://lou/1', author: 'lou' },
    ],
    heard: [
      { caseId: 'c1', uri: 'at://kim/1' },
      { caseId: 'c1', uri: 'at://kim/2' },
      { caseId: 'c2', uri: 'at://lou/1' },
    ],
    replies: [
      {
        replyId: 'r1',
        caseId: 'c1',
        uri: 'at://us/1',
        parentUri: 'at://kim/1',
        text: 'ansone',
        state: 'sent',
      },
      {
        replyId: 'r2',
        caseId: 'c1',
        uri: 'at://us/2',
        parentUri: 'at://kim/2',
        text: 'anstwo',
        state: 'sent',
      },
      {
        replyId: 'r3',
        caseId: 'c1',
        uri: 'at://us/3',
        parentUri: 'at://kim/2',
        text: 'ansgone',
        state: 'sent',
      },
    ],
    traces: [],
  }
}
const verdictOf = (found: Findings) => lineOf(judge(readTruth(truth), found))

test('where nothing went wrong it finds nothing', () => {
  expect(verdictOf(allWell())).toBe('lost=0 doubled=0 misordered=0 resurrected=0')
})

test('a post that was said and is not stored is lost', () => {
  const found = allWell()
  found.posts = found.posts.filter((it) => it.uri !== 'at://kim/2')

  expect(verdictOf(found)).toBe('lost=1 doubled=0 misordered=0 resurrected=0')
})

test('a post that is stored and joined no case, or that its case never heard, is lost', () => {
  const caseless = allWell()
  caseless.posts[1]!.caseId = null
  const unheard = allWell()
  unheard.heard.splice(1, 1)

  expect(verdictOf(caseless)).toBe('lost=1 doubled=0 misordered=0 resurrected=0')
  expect(verdictOf(unheard)).toBe('lost=1 doubled=0 misordered=0 resurrected=0')
})

test('an accepted answer is lost when it is not queued, not on the network, or never called sent', () => {
  const unqueued = allWell()
  unqueued.replies.splice(0, 1)
  unqueued.remoteReplies.splice(0, 1)
  const unsent = allWell()
  unsent.remoteReplies.splice(1, 1)
  const untold = allWell()
  untold.replies[1]!.state = 'unknown'

  for (const found of [unqueued, unsent, untold]) {
    expect(verdictOf(found)).toBe('lost=1 doubled=0 misordered=0 resurrected=0')
  }
})

test('an answer to a question taken back may be refused, and one to a standing question may not', () => {
  const refusedIn = (parentUri: string) => {
    const found = allWell()
    found.remoteReplies.pop()
    Object.assign(found.replies[1]!, { state: 'refused', parentUri })
    return verdictOf(found)
  }

  expect(refusedIn('at://lou/1')).toBe('lost=0 doubled=0 misordered=0 resurrected=0')
  expect(refusedIn('at://kim/2')).toBe('lost=1 doubled=0 misordered=0 resurrected=0')
})

test('an answer that stands twice on the network is doubled', () => {
  const found = allWell()
  found.remoteReplies.push({ uri: 'at://us/9', text: 'anstwo' })

  // Once as a copy, once as a record that no outbox knows.
  expect(verdictOf(found)).toBe('lost=0 doubled=2 misordered=0 resurrected=0')
})

test('a post stored twice, heard twice, or with two cases is doubled', () => {
  const stored = allWell()
  stored.posts.push({ ...stored.posts[0]! })
  const heard = allWell()
  heard.heard.push({ caseId: 'c2', uri: 'at://lou/1' })
  const cases = allWell()
  cases.cases.push({ caseId: 'c3', threadUri: 'at://kim/1', author: 'kim' })

  expect(judge(readTruth(truth), stored).doubled).toEqual(['stored twice: at://kim/1'])
  expect(judge(readTruth(truth), heard).doubled).toEqual(['heard twice: c2 at://lou/1'])
  expect(judge(readTruth(truth), cases).doubled).toEqual(['two cases: at://kim/1 kim'])
})

test('posts heard and answers sent out of turn are misordered', () => {
  const posts = allWell()
  posts.heard = [posts.heard[1]!, posts.heard[0]!, posts.heard[2]!]
  const answers = allWell()
  answers.remoteReplies.reverse()

  expect(verdictOf(posts)).toBe('lost=0 doubled=0 misordered=1 resurrected=0')
  expect(verdictOf(answers)).toBe('lost=0 doubled=0 misordered=1 resurrected=0')
})

test('words of a deleted post, and an answer that came back after its owner deleted it, are resurrected', () => {
  const words = allWell()
  words.traces.push({ table: 'posts', token: 'tokgone' })
  const answer = allWell()
  answer.remoteReplies.push({ uri: 'at://us/3', text: 'ansgone' })

  expect(verdictOf(words)).toBe('lost=0 doubled=0 misordered=0 resurrected=1')
  expect(verdictOf(answer)).toBe('lost=0 doubled=0 misordered=0 resurrected=1')
})

test('an answer that was asked for and never accepted may be missing', () => {
  const asked: TruthLine[] = [...truth, { op: 'reply', token: 'ansfour', replyId: 'r4', caseId: 'c1' }]

  expect(lineOf(judge(readTruth(asked), allWell()))).toBe('lost=0 doubled=0 misordered=0 resurrected=0')
})
