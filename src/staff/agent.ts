/** Someone who works here. Imported by the screen too: types and pure questions only. */
export type Role = 'admin' | 'lead' | 'agent'
export type Agent = { workspaceId: string; agentId: string; userId: string; name: string; role: Role }

export const isAdmin = (agent: Pick<Agent, 'role'>) => agent.role === 'admin'
