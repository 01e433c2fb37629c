/** Routes for teams: who is in them, which channels are theirs, and whose words wait for a second person. */
import { z } from 'zod'
import { atMost, Done, defineRoute, Id, nameShapes, WithId } from '../base/contract.ts'
import { mostAgents, mostTeams } from './bounds.ts'

export const TeamRow = z.object({
  teamId: Id,
  name: z.string(),
  /** What its agents write in public waits for a second person. */
  needsApproval: z.boolean(),
  memberIds: z.array(Id),
  channelIds: z.array(Id),
  /** Cases of the team that are not closed. */
  openCases: z.number(),
  /** It has working hours of its own. */
  ownHours: z.boolean(),
})
export type TeamRow = z.output<typeof TeamRow>
nameShapes({ TeamRow })

const Wish = z.strictObject({
  name: z.string().trim().min(1).max(60),
  needsApproval: z.boolean(),
  memberIds: z.array(Id).max(mostAgents),
})
export type TeamWish = z.output<typeof Wish>

export const teamRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/api/teams',
    needs: 'signed-in',
    summary: 'The teams, their members and their channels.',
    response: atMost(mostTeams, TeamRow),
  }),
  make: defineRoute({
    method: 'POST',
    path: '/api/teams',
    needs: 'teams.change',
    act: 'team.made',
    summary: 'Makes a team.',
    body: Wish,
    response: TeamRow,
  }),
  change: defineRoute({
    method: 'PUT',
    path: '/api/teams/:id',
    needs: 'teams.change',
    act: 'team.changed',
    summary: 'Renames a team, says who is in it and whether their public words wait for a second person.',
    params: WithId,
    body: Wish,
    response: TeamRow,
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/api/teams/:id',
    needs: 'teams.change',
    act: 'team.removed',
    summary: 'Removes a team. Its cases and channels belong to everybody from then on.',
    params: WithId,
    response: Done,
  }),
  changeChannel: defineRoute({
    method: 'PUT',
    path: '/api/channels/:id/team',
    needs: 'teams.change',
    act: 'channel.team-changed',
    summary:
      'Gives a channel to one team or to everybody (null), and says whether replies from it wait for a second person. New cases on it open in that team.',
    params: WithId,
    body: z.strictObject({ teamId: Id.nullable(), needsApproval: z.boolean() }),
    response: Done,
  }),
}
