/** Who is on the rehearsal network: the cast, and whoever joins while it runs. The same for every workspace. */
import { accountIdOf, type CastMember, cast } from './cast.ts'

export type Person = CastMember & { accountId: string }
export type People = { find(accountId: string): Person | undefined; join(handle: string): Person }

export function makePeople(): People {
  const known = new Map<string, Person>()
  for (const it of cast) known.set(accountIdOf(it.handle), { ...it, accountId: accountIdOf(it.handle) })

  return {
    find: (accountId) => known.get(accountId),
    join(name) {
      const handle = name.replace(/^@/, '').replace(/(\.rehearsal)?$/, '.rehearsal')
      const accountId = accountIdOf(handle)
      const person = known.get(accountId) ?? { handle, accountId, name: null, followers: 12 }
      known.set(accountId, person)
      return person
    },
  }
}
