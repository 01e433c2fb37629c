/** Someone who works here. Imported by the screen too: types and pure questions only. */
import type { RefusalCode } from '../base/refusal.ts'

export type Role = 'admin' | 'lead' | 'agent'
export type Agent = { workspaceId: string; agentId: string; userId: string; name: string; role: Role }

export const isAdmin = (agent: Pick<Agent, 'role'>) => agent.role === 'admin'

/** Channels, sources and the workspace itself are the admins' to change. */
export const whyNotAdmin = (agent: Pick<Agent, 'role'>): RefusalCode | null =>
  isAdmin(agent) ? null : 'not-allowed'
