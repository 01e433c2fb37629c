/** Routes that help a colleague back in: a new password, a lost telephone, a lost machine, a wrong name. */
import { z } from 'zod'
import { Done, defineRoute, ShownOnce, WithId } from '../base/contract.ts'

export const colleagueAccountRoutes = {
  resetLink: defineRoute({
    method: 'POST',
    path: '/api/agents/:id/reset-link',
    needs: 'agents.change',
    by: 'session',
    act: 'agent.reset-link-made',
    summary:
      'Sends a colleague a link for a new password. Without a mail server the answer holds it, unless they work in another workspace too.',
    params: WithId,
    once: ['link'],
    response: z.object({ link: ShownOnce }),
  }),
  turnOffSecondFactor: defineRoute({
    method: 'DELETE',
    path: '/api/agents/:id/second-factor',
    needs: 'agents.change',
    by: 'session',
    act: 'agent.second-factor-off',
    summary: 'Turns off the second factor of a colleague who lost it and works in no other workspace.',
    params: WithId,
    response: Done,
  }),
  endSessions: defineRoute({
    method: 'DELETE',
    path: '/api/agents/:id/sessions',
    needs: 'agents.change',
    by: 'session',
    act: 'agent.signed-out',
    summary: 'Ends every session of a colleague that can come into this workspace.',
    params: WithId,
    response: z.object({ ended: z.number() }),
  }),
  correctName: defineRoute({
    method: 'PUT',
    path: '/api/agents/:id/name',
    needs: 'agents.change',
    by: 'session',
    act: 'agent.name-corrected',
    summary: 'Corrects what a colleague is called here.',
    params: WithId,
    body: z.strictObject({ name: z.string().trim().min(1).max(100) }),
    response: Done,
  }),
}
