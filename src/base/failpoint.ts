/** Named points at which a fault test lets the process die, as hard as a power cut. Free when none is wanted. */
export type Failpoint =
  | 'after_recv'
  | 'after_insert'
  | 'before_commit'
  | 'after_commit'
  | 'before_send'
  | 'after_send_before_mark'
  | 'after_mark'
  | 'webhook_before_post'
  | 'webhook_before_mark'
  | 'before_answer'

/** `name` dies at the first pass, `name:N` at the Nth. */
const [wanted, pass = '1'] = (process.env.EVENHAND_FAILPOINT ?? '').split(':')
let left = Number(pass) || 1

export function failpoint(name: Failpoint): void {
  if (name === wanted && --left <= 0) process.kill(process.pid, 'SIGKILL')
}
