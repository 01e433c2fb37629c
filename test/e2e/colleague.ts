/** Someone else who works here, with the password of the first admin, in a browser of their own. */
import { sql } from 'kysely'
import type { Browser } from 'playwright-core'
import { newId } from '../../src/base/clock.ts'
import type { Db } from '../../src/base/db.ts'
import { openPage, type Watched } from './browser.ts'

export async function aColleague(
  owner: Db,
  wanted: { name: string; role: string },
): Promise<{ agentId: string; email: string }> {
  const userId = newId()
  const agentId = newId()
  const email = `${wanted.name.toLowerCase().replaceAll(/\W+/g, '.')}@acme.test`
  for (const insert of [
    sql`insert into auth_users (id, name, email, "emailVerified") values (${userId}, ${wanted.name}, ${email}, true)`,
    sql`insert into auth_accounts (id, "accountId", "providerId", "userId", password)
      select ${newId()}, ${userId}, 'credential', ${userId}, password from auth_accounts
      where password is not null order by "createdAt" limit 1`,
    sql`insert into agents (workspace_id, agent_id, user_id, name, email, role)
      select workspace_id, ${agentId}, ${userId}, ${wanted.name}, ${email}, ${wanted.role} from workspaces
      order by created_at limit 1`,
  ])
    await insert.execute(owner)
  return { agentId, email }
}

export async function signInAs(
  browser: Browser,
  home: string,
  { email }: { email: string },
  size?: { width: number; height: number },
): Promise<Watched> {
  const opened = await openPage(browser, home, size)
  await opened.page.goto(`${home}/sign-in`)
  await opened.page.getByLabel('Email').fill(email)
  await opened.page.getByLabel('Password', { exact: true }).fill('four random words here')
  await opened.page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await opened.page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  return opened
}
