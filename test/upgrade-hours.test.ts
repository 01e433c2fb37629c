/** Office hours as the first release kept them become blocks. */
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { expect, inject, test } from 'vitest'
import { newId } from '../src/base/clock.ts'
import { enterWorkspace, findAll, openDb } from '../src/base/db.ts'
import { migrate } from '../src/base/roles.ts'

test('days and minutes of a workspace become its blocks; no day at all meant every day', async () => {
  const admin = openDb(inject('postgresUrl'), { max: 1 })
  const name = `t_${randomBytes(6).toString('hex')}`
  await sql`create database ${sql.id(name)}`.execute(admin.db)
  const owner = openDb(inject('postgresUrl').replace(/postgres$/, name), { max: 2 })
  try {
    await migrate(owner.db, owner.pool, { upTo: '0002_roles_and_audit' })
    for (const [brand, days] of [
      ['Part time', '{1,3}'],
      ['Never closed', '{}'],
    ])
      await owner.db.transaction().execute(async (tx) => {
        const workspaceId = newId()
        await enterWorkspace(tx, workspaceId)
        await sql`insert into workspaces (workspace_id, name, brand, time_zone, work_days, work_from_minute, work_to_minute)
          values (${workspaceId}, 'care', ${brand}, 'Asia/Tokyo', ${days}::integer[], 480, 960)`.execute(tx)
      })

    await migrate(owner.db, owner.pool)

    const block = (day: number) => ({ day, from: 480, to: 960 })
    expect(
      await findAll(owner.db, sql`select brand, time_zone, hours from workspaces order by brand desc`),
    ).toEqual([
      { brand: 'Part time', timeZone: 'Asia/Tokyo', hours: { blocks: [block(1), block(3)], holidays: [] } },
      {
        brand: 'Never closed',
        timeZone: 'Asia/Tokyo',
        hours: { blocks: [1, 2, 3, 4, 5, 6, 7].map(block), holidays: [] },
      },
    ])
  } finally {
    await owner.db.destroy()
    await sql`drop database ${sql.id(name)} with (force)`.execute(admin.db)
    await admin.db.destroy()
  }
})
