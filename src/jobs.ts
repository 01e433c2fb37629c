/** All work done later, and what comes round by itself: what happens without a request is on this page. */
import { type LetterJob, type LetterTools, sendLetter } from './base/mail.jobs.ts'
import { type Queue, startQueue, type Tasks } from './base/queue.ts'
import { boundBacklogs, forgetOldDeliveries } from './base/webhook-backlog.jobs.ts'
import { type ReturnJob, returnCasesOfGone } from './cases/returning.jobs.ts'
import { type ChannelJob, readChannel } from './connectors/channel.jobs.ts'
import { forgetOldLetters } from './listen/letter.jobs.ts'
import { type AuthorJob, type AuthorTools, readAuthor } from './people/author.jobs.ts'
import { type ReachJob, type ReachTools, readReach } from './people/reach.jobs.ts'
import { type JudgeJob, type JudgeTools, judgeLooks } from './people/unusual.jobs.ts'
import { type PortableTools, portableRounds, portableTasks } from './portable/portable.jobs.ts'
import {
  type LookJob,
  lookOnce,
  type ReplyJob,
  type ReplyTools,
  sendReply,
  sweepReplies,
} from './reply/reply.jobs.ts'
import { forgetOldInvitations, tellInvitation } from './staff/invitation.jobs.ts'
import { type ResetJob, type ResetTools, writeReset } from './staff/reset.jobs.ts'
import { forgetOldWishes } from './staff/wish.jobs.ts'

export type JobTools = ReplyTools & ReachTools & AuthorTools & JudgeTools

export function makeTasks(tools: JobTools): Tasks {
  return {
    'send-reply': (job: ReplyJob) => sendReply(tools, job),
    'look-once': (job: LookJob) => lookOnce(tools, job),
    'sweep-replies': () => sweepReplies(tools),
    'read-author': (job: AuthorJob, isLastTry) => readAuthor(tools, job, isLastTry),
    'read-channel': (job: ChannelJob) => readChannel(tools, job),
    'read-reach': (job: ReachJob, isLastTry) => readReach(tools, job, isLastTry),
    'judge-looks': (job: JudgeJob) => judgeLooks(tools, job),
    'forget-letters': () => forgetOldLetters(tools),
    'forget-deliveries': () => forgetOldDeliveries(tools),
    'bound-backlogs': () => boundBacklogs(tools),
    'begin-absence': (job: ReturnJob) => returnCasesOfGone(tools, job),
    'return-cases': () => returnCasesOfGone(tools, {}),
    'forget-wishes': () => forgetOldWishes(tools),
    'forget-invitations': () => forgetOldInvitations(tools),
  }
}

type MailTools = ResetTools & Omit<LetterTools, 'tellInvitation'>

export function mailTasks(tools: MailTools): Tasks {
  const letterTools: LetterTools = {
    ...tools,
    tellInvitation: (about, state) => tellInvitation(tools.db, about, state),
  }
  return {
    'send-mail': (job: LetterJob, isLastTry) => sendLetter(letterTools, job, isLastTry),
    'write-reset': (job: ResetJob) => writeReset(tools, job),
  }
}

/** Milliseconds between two rounds; the first begins at once, which is how a crash is mended. */
const rounds = {
  'sweep-replies': 30_000,
  'forget-letters': 3_600_000,
  'forget-deliveries': 3_600_000,
  'bound-backlogs': 30_000,
  'return-cases': 30_000,
  'forget-wishes': 3_600_000,
  'forget-invitations': 3_600_000,
  ...portableRounds,
}

export function startJobs(
  tools: JobTools &
    PortableTools &
    MailTools & { url: string; onError: (error: Error, what: string) => void },
): Promise<Queue> {
  const tasks = { ...makeTasks(tools), ...portableTasks(tools), ...mailTasks(tools) }
  return startQueue({ url: tools.url, onError: tools.onError, tasks, every: rounds })
}
