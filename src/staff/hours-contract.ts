/** Routes for working hours: the workspace's, and those of teams that have their own. */
import { z } from 'zod'
import { atMost, Done, defineRoute, Id, WithId } from '../base/contract.ts'
import { mostTeams } from './bounds.ts'
import { Hours } from './hours.ts'

export const hoursRoutes = {
  read: defineRoute({
    method: 'GET',
    path: '/api/hours',
    needs: 'signed-in',
    summary:
      'When the workspace and its teams work. A team that is not listed works when the workspace does.',
    response: z.object({
      workspace: Hours,
      teams: atMost(mostTeams, z.object({ teamId: Id, hours: Hours })),
      answerWithinMinutes: z.number(),
    }),
  }),
  change: defineRoute({
    method: 'PUT',
    path: '/api/hours',
    needs: 'workspace.change',
    act: 'hours.changed',
    summary: 'Changes when the workspace works. Promises that were given stay as they are.',
    body: Hours,
    response: Done,
  }),
  changeOfTeam: defineRoute({
    method: 'PUT',
    path: '/api/teams/:id/hours',
    needs: 'teams.change',
    act: 'hours.changed',
    summary: 'Gives a team working hours of its own. Promises that were given stay as they are.',
    params: WithId,
    body: Hours,
    response: Done,
  }),
  forgetOfTeam: defineRoute({
    method: 'DELETE',
    path: '/api/teams/:id/hours',
    needs: 'teams.change',
    act: 'hours.changed',
    summary: 'Lets a team work when the workspace does.',
    params: WithId,
    response: Done,
  }),
}
