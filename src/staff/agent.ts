/** Someone who works here. Imported by the screen too: types and pure questions only. */
import type { RefusalCode } from '../base/refusal.ts'

export type Role = 'admin' | 'lead' | 'agent'
export type Agent = { workspaceId: string; agentId: string; userId: string; name: string; role: Role }

/** Channels, sources and the workspace itself are the admins' to change. */
export const whyNotAdmin = (agent: Pick<Agent, 'role'>): RefusalCode | null =>
  agent.role === 'admin' ? null : 'not-allowed'
