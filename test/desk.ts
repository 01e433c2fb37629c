import { newId } from '../src/base/clock.ts'
import { replyRoutes } from '../src/reply/reply.routes.ts'
import { type TestApp, testApp } from './app.ts'
import type { TestDb } from './db.ts'
import { aRehearsedScene } from './replies.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** An agent with the composer open on Kim's case. */
export async function aDesk(it: TestDb, undoMs = 10_000) {
  const scene = await aRehearsedScene(it)
  const desk: TestApp = await testApp(it, {
    rooms: (mount) => replyRoutes(mount, { ...scene.tools, undoMs }),
  })
  const headers = await desk.signIn(scene)
  const call = async (method: Method, url: string, body?: object, as = headers) => {
    const answer = await desk.app.inject({ method, url, headers: as, ...(body && { payload: body }) })
    return { status: answer.statusCode, body: answer.json() }
  }
  const draft = `/api/cases/${scene.caseId}/draft`
  const replies = `/api/cases/${scene.caseId}/replies`
  const say = (text: string, more: object = {}) =>
    call('POST', replies, { replyId: newId(), channelId: scene.channelId, text, ...more })
  return { ...scene, desk, call, draft, replies, say }
}
