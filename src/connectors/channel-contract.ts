/** Routes for the brand's own accounts. Secrets go in and never come out. */
import { z } from 'zod'
import { atMost, Done, defineRoute, Id, nameShapes, Time, WithId } from '../base/contract.ts'

export const mostChannels = 200

export const ChannelRow = z.object({
  channelId: Id,
  network: z.enum(['bluesky', 'rehearsal']),
  handle: z.string(),
  displayName: z.string().nullable(),
  accountId: z.string(),
  serviceUrl: z.string(),
  state: z.enum(['open', 'paused']),
  pausedReason: z.string().nullable(),
  pausedDetail: z.string().nullable(),
  pausedAt: Time.nullable(),
  /** What is written as it waits for a second person. */
  needsApproval: z.boolean(),
  /** The team it belongs to; null is everybody's. */
  teamId: Id.nullable(),
  /** How long a reply may be here. */
  limits: z.object({ graphemes: z.number(), bytes: z.number() }),
})
export type ChannelRow = z.output<typeof ChannelRow>
nameShapes({ Channel: ChannelRow })

export const channelRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/api/channels',
    needs: 'signed-in',
    summary: "The brand's connected accounts.",
    response: atMost(mostChannels, ChannelRow),
  }),
  connectBluesky: defineRoute({
    method: 'POST',
    path: '/api/channels',
    needs: 'channels.change',
    act: 'channel.connected',
    summary: 'Connects a Bluesky account with handle and app password, on any PDS.',
    body: z.strictObject({
      handle: z.string().trim().min(3).max(253),
      appPassword: z.string().min(1).max(200),
      serviceUrl: z.url().max(300).default('https://bsky.social'),
      /** Also hear this server's own stream: for a PDS that is not on the public network. */
      ownStream: z.boolean().default(false),
    }),
    response: ChannelRow,
  }),
  renewPassword: defineRoute({
    method: 'PUT',
    path: '/api/channels/:id/secret',
    needs: 'channels.change',
    act: 'channel.renewed',
    summary: 'Gives a paused channel a new app password and opens it again.',
    params: WithId,
    body: z.strictObject({ appPassword: z.string().min(1).max(200) }),
    response: ChannelRow,
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/api/channels/:id',
    needs: 'channels.change',
    act: 'channel.removed',
    summary: 'Disconnects an account; its secret is destroyed, its past replies stay.',
    params: WithId,
    response: Done,
  }),
}
