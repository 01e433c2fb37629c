/** Someone who works here, as they are at this moment. Imported by the screen too: types only. */
import type { BuiltInRole, Permission } from './permissions.ts'

export type Role = BuiltInRole | 'custom'
export type Agent = {
  workspaceId: string
  agentId: string
  userId: string
  name: string
  role: Role
  /** All that their role allows; by an API key, only what the key may do as well. */
  may: readonly Permission[]
  /** The teams whose cases they see; null is every case of the workspace. */
  teamIds: readonly string[] | null
  /** Counts changes of the three above. */
  rightsVersion: number
  /** The API key that speaks for them; null when they are here themselves. */
  keyId: string | null
}
