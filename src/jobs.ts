/** All work done later, and what comes round by itself: what happens without a request is on this page. */
import { type Queue, startQueue, type Tasks } from './base/queue.ts'
import { type ChannelJob, readChannel } from './connectors/channel.jobs.ts'
import { forgetOldLetters } from './listen/letter.jobs.ts'
import { type AuthorJob, type AuthorTools, readAuthor } from './people/author.jobs.ts'
import { type ReachJob, type ReachTools, readReach } from './people/reach.jobs.ts'
import {
  type LookJob,
  lookOnce,
  type ReplyJob,
  type ReplyTools,
  sendReply,
  sweepReplies,
} from './reply/reply.jobs.ts'

export type JobTools = ReplyTools & ReachTools & AuthorTools

export function makeTasks(tools: JobTools): Tasks {
  return {
    'send-reply': (job: ReplyJob) => sendReply(tools, job),
    'look-once': (job: LookJob) => lookOnce(tools, job),
    'sweep-replies': () => sweepReplies(tools),
    'read-author': (job: AuthorJob, isLastTry) => readAuthor(tools, job, isLastTry),
    'read-channel': (job: ChannelJob) => readChannel(tools, job),
    'read-reach': (job: ReachJob, isLastTry) => readReach(tools, job, isLastTry),
    'forget-letters': () => forgetOldLetters(tools),
  }
}

/** Milliseconds between two rounds; the first begins at once, which is how a crash is mended. */
const rounds = { 'sweep-replies': 30_000, 'forget-letters': 3_600_000 }

export function startJobs(
  tools: JobTools & { url: string; onError: (error: Error, what: string) => void },
): Promise<Queue> {
  return startQueue({ url: tools.url, onError: tools.onError, tasks: makeTasks(tools), every: rounds })
}
