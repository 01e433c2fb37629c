/**
 * Bluesky and whatever else speaks AT Protocol, as one connector: each call of the port is one file of this folder.
 * Sessions live here, in memory; nothing else is remembered between calls.
 */
import type { Bookmark, Connector, Heard, Io, Source } from '../connector.ts'
import { urlOf } from './at-uri.ts'
import { listenToFirehose } from './firehose.ts'
import { freezeReply } from './freeze.ts'
import { askGate } from './gate.ts'
import { confirmHandle } from './handle.ts'
import { askDocument, type Settings } from './identity.ts'
import { readImage } from './image.ts'
import { listenToJetstream } from './jetstream.ts'
import { look } from './look.ts'
import { listenToNotifications } from './notifications.ts'
import { readReach } from './reach.ts'
import { postLimits } from './rich-text.ts'
import { findFrozen, sendFrozen } from './send.ts'
import { keepSessions } from './session.ts'
import { displayNameAt, signIn } from './sign-in.ts'
import { readThread } from './thread.ts'

export function makeBluesky(settings: Settings): Connector {
  const sessions = keepSessions()

  function listen(source: Source, since: Bookmark | null, io: Io): AsyncIterable<Heard> {
    switch (source.kind) {
      case 'firehose':
        return listenToFirehose(source, since, io)
      case 'jetstream':
        return listenToJetstream(source, since, io)
      case 'notifications':
        return listenToNotifications(source, since, sessions, settings, io)
      default:
        throw new Error(`Bluesky has no source of kind ${source.kind}`)
    }
  }

  async function readAuthor(accountId: string, io: Io) {
    const document = await askDocument(accountId, settings, io)
    if (!document) return null
    const [handle, displayName] = await Promise.all([
      confirmHandle(document, settings, io),
      document.pds ? displayNameAt(document.pds, accountId, io) : null,
    ])
    return { handle, displayName }
  }

  return {
    network: 'bluesky',
    limits: postLimits,
    signIn: (account, io) => signIn(account, settings, io),
    listen,
    freeze: (channel, reply, io) => freezeReply(channel, reply, settings, io),
    askGate: (channel, parentUri, threadUri, io) =>
      askGate({ channel, parentUri, threadUri }, sessions, settings, io),
    send: (channel, frozen, io) => sendFrozen(channel, frozen, sessions, io),
    findSent: findFrozen,
    look: (_channel, uri, io) => look(uri, settings, io),
    readThread: (_channel, uri, io) => readThread(uri, settings, io),
    readAuthor,
    readReach: (accountId, io) => readReach(accountId, settings, io),
    readImage: (accountId, ref, io) => readImage(accountId, ref, settings, io),
    urlOf,
  }
}
