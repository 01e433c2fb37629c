/**
 * The whole hostile list through everything that takes, cleans or writes text (S-12, S-13, S-26). Text stays text: what
 * can be kept comes back byte for byte, and nobody's words begin a line, a header, a cell or a tag of their own.
 */

import { sql } from 'kysely'
import { createTransport } from 'nodemailer'
import { beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../src/base/clock.ts'
import { csvLine } from '../src/base/csv.ts'
import { enterWorkspace, findAll } from '../src/base/db.ts'
import { messageOf, oneLine } from '../src/base/mail.ts'
import { isAddress, readSender } from '../src/base/mail-sender.ts'
import { asText, withCode } from '../src/base/openapi-words.ts'
import { makeSecret, withoutSecrets } from '../src/base/webhook-sign.ts'
import { wellFormed } from '../src/base/well-formed.ts'
import { cleanMediaType, cleanName } from '../src/cases/file.ts'
import { findFacets } from '../src/connectors/bluesky/rich-text.ts'
import { cleanDetail, cleanText } from '../src/connectors/clean-text.ts'
import { watchRoutes } from '../src/match/watch-contract.ts'
import { plainOf } from '../src/portable/foreign.ts'
import { apiKeyRoutes } from '../src/staff/api-key-contract.ts'
import { invitationLetter } from '../src/staff/invitation-mail.ts'
import { teamRoutes } from '../src/staff/team-contract.ts'
import { disguisedHost, type Facet, hrefOf, segmentsOf } from '../src/web/inbox/segments.ts'
import { i18n } from '../src/web/words/words.ts'
import { aWorkspace, freshDb } from './db.ts'
import { choose, hostileLines, randomFrom } from './hostile/lines.ts'
import { kinds, ownLines } from './hostile/own-lines.ts'

const lines = hostileLines()
const seen = lines.map((line) => wellFormed(line))
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u
const isTrue = (is: boolean, line: string) => is || expect.fail(JSON.stringify(line.slice(0, 300)))

describe('the list itself', () => {
  test('is ours at least, of every kind', () => {
    expect(ownLines.length).toBeGreaterThan(300)
    for (const kind of kinds)
      expect(ownLines.filter((it) => it.kind === kind).length, kind).toBeGreaterThan(5)
    expect(lines.length).toBeGreaterThanOrEqual(new Set(ownLines.map((it) => it.line)).size)
  })

  test('a screen’s 300 are the same for the same seed, each once, and others for another', () => {
    const chosen = choose(300, 7)
    expect(chosen).toEqual(choose(300, 7))
    expect(new Set(chosen).size).toBe(300)
    expect(chosen).not.toEqual(choose(300, 8))
    // Of every kind: markup, addresses, what cannot be seen, what cannot be kept.
    expect(chosen.filter((it) => it.includes('<')).length).toBeGreaterThan(60)
    expect(chosen.some((it) => /javascript:/i.test(it)) && chosen.some((it) => it.includes('\0'))).toBe(true)
  })
})

describe('kept text', () => {
  test('is well formed, without NUL, and otherwise as it was said (S-12)', () => {
    for (const line of lines) {
      const kept = cleanText(line)
      isTrue(kept.isWellFormed() && !kept.includes('\0') && kept.length === line.length, line)
      isTrue(kept === line || !line.isWellFormed() || line.includes('\0'), line)
      isTrue(cleanText(kept) === kept && wellFormed(line) === kept, line)
      const detail = cleanDetail(line)
      isTrue(detail.length <= 500 && detail.isWellFormed() && !detail.includes('\0'), line)
    }
  })

  test('comes back from the database byte for byte, whole and as part of JSON (S-12)', async () => {
    await using it = await freshDb()
    const { workspaceId, agentId } = await aWorkspace(it.db)
    const rows = seen.map((text) => ({ id: newId(), text }))
    const found = await it.db.transaction().execute(async (tx) => {
      await enterWorkspace(tx, workspaceId)
      await sql`insert into watches (workspace_id, watch_id, name, terms, created_by)
        select ${workspaceId}, id, text, jsonb_build_object('words', jsonb_build_array(text)), ${agentId}
        from unnest(${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.text)}::text[]) as row (id, text)`.execute(
        tx,
      )
      return findAll(
        tx,
        sql<{ id: string; name: string; word: string }>`
        select watch_id as id, name, terms -> 'words' ->> 0 as word from watches`,
      )
    })

    const byId = new Map(found.map((row) => [row.id, row]))
    expect(byId.size).toBe(lines.length)
    for (const { id, text } of rows) isTrue(byId.get(id)?.name === text && byId.get(id)?.word === text, text)
  })

  test('is one field of one JSON line, wherever it is logged or sent (S-13)', () => {
    for (const line of lines) {
      const sent = JSON.stringify({ text: line })
      isTrue(!/[\r\n]/.test(sent) && (JSON.parse(sent) as { text: string }).text === line, line)
    }
  })
})

describe('a post', () => {
  test('in parts is the whole text, whatever its facets claim (S-12)', () => {
    const next = randomFrom(3)
    const at = (most: number) => Math.floor(next() * (most + 4)) - 2
    for (const text of seen) {
      const size = Buffer.byteLength(text)
      const facets = Array.from({ length: 6 }, (): Facet => {
        const kind = (['mention', 'link', 'tag'] as const)[Math.floor(next() * 3)]!
        return {
          kind,
          byteStart: at(size),
          byteEnd: at(size),
          value: seen[Math.floor(next() * seen.length)]!,
        }
      })
      const parts = segmentsOf(text, facets)
      // The decoder of a browser takes a mark at the beginning for an encoding; nothing else may be lost.
      isTrue(
        parts
          .map((it) => it.text)
          .join('')
          .replaceAll('\ufeff', '') === text.replaceAll('\ufeff', ''),
        text,
      )
      for (const found of [findFacets(text)].flat())
        isTrue(found.byteStart < found.byteEnd && found.byteEnd <= size, text)
    }
  })

  test('leads to web addresses only, and names the host it leads to (S-12) (S-15)', () => {
    for (const line of lines) {
      const facet: Facet = { kind: 'link', byteStart: 0, byteEnd: 1, value: line }
      const href = hrefOf(facet)
      isTrue(href === null || /^https?:\/\/[^/]/.test(href), line)
      isTrue(
        hrefOf({ ...facet, kind: 'mention' }) === null && hrefOf({ ...facet, kind: 'tag' }) === null,
        line,
      )
      // Other words over a known address: either they name no host, or the real one is told.
      const real = { ...facet, value: 'https://evil.example/x' }
      const told = disguisedHost({ text: line, facet: real })
      isTrue(told === null || told === 'evil.example', line)
    }
    for (const text of [
      'brand.test',
      'https://brand.test/login',
      'www.brand.test',
      'BRAND.test/x?evil.example',
    ])
      expect(
        disguisedHost({
          text,
          facet: { kind: 'link', byteStart: 0, byteEnd: 1, value: 'https://evil.example' },
        }),
      ).toBe('evil.example')
  })
})

describe('a file', () => {
  test('has a name that is only a name, on every disk and in every header (S-13)', () => {
    for (const line of lines) {
      const name = cleanName(line)
      isTrue(name !== '' && [...name].length <= 120 && !/^\.|\.$/.test(name), line)
      isTrue(!/[/\\"<>|:*?]/.test(name) && !unseen.test(name), line)
      isTrue(cleanName(name) === name, line)
    }
  })

  test('has a kind that is a kind, or is just bytes (S-13)', () => {
    for (const line of lines) isTrue(/^[a-z]+\/[a-z0-9.+-]+$/.test(cleanMediaType(line)), line)
  })
})

describe('a table', () => {
  test('has one row of as many cells, and none of them is computed (S-13) (S-26)', () => {
    for (const line of lines) {
      const cells = cellsOf(csvLine([line, 'next', line]))
      isTrue(cells.length === 1 && cells[0]!.length === 3 && cells[0]![1] === 'next', line)
      const [cell] = cells[0]!
      isTrue(cell === line || cell === `'${line}`, line)
      isTrue(!/^[\s\0]*[=+\-@\t\r\n＝＋－＠]/.test(cell!), line)
    }
  })
})

describe('a letter', () => {
  let heads: string[][]
  beforeAll(async () => {
    const transport = createTransport({ streamTransport: true, buffer: true })
    heads = []
    for (const line of seen) {
      const { subject, text } = invitationLetter({
        workspace: line,
        invitedBy: line,
        link: 'https://care.test/join#x',
      })
      const letter = { letterId: newId(), to: 'ben@acme.test', subject, text }
      const { message } = await transport.sendMail(
        messageOf(letter, { name: line, address: 'care@acme.test' }),
      )
      const raw = (message as Buffer).toString('latin1')
      heads.push(raw.slice(0, raw.indexOf('\r\n\r\n')).split(/\r\n(?![ \t])/))
    }
  }, 120_000)

  test('has the headers of every letter and one recipient, whatever a name holds (S-13)', () => {
    const usual = heads[0]!.map((it) => it.split(':')[0]!.toLowerCase()).toSorted()
    heads.forEach((head, n) => {
      const names = head.map((it) => it.split(':')[0]!.toLowerCase()).toSorted()
      isTrue(names.join() === usual.join(), lines[n]!)
      isTrue(head.includes('To: ben@acme.test'), lines[n]!)
      isTrue(
        /<care@acme\.test>$|^From: care@acme\.test$/.test(head.find((it) => it.startsWith('From:'))!),
        lines[n]!,
      )
    })
  })

  test('has a name in one line, with nothing that is not seen and an end (S-13)', () => {
    const link = 'https://care.test/join#x'
    const rows = invitationLetter({ workspace: 'Acme', invitedBy: 'Ana', link }).text.split('\n')
    for (const line of lines) {
      const name = oneLine(line, 80)
      isTrue(!unseen.test(name) && [...name].length <= 80 && name.trim() === name, line)
      const told = invitationLetter({ workspace: line, invitedBy: line, link }).text.split('\n')
      isTrue(told.length === rows.length && told[4] === rows[4], line)
    }
  })

  test('goes to one address or to none, and comes from one (S-13)', () => {
    for (const line of lines) {
      isTrue(!isAddress(line) || /^[^\s,;<>"]+@[^\s,;<>"@]+$/.test(line), line)
      const sender = readSender(`${line} <care@acme.test>`)
      isTrue(sender === null || (sender.address === 'care@acme.test' && !/[\r\n]/.test(sender.name)), line)
    }
  })
})

describe('a sentence', () => {
  test('of the audit log says a name as it is, and no placeholder in it is filled (S-13)', () => {
    const t = i18n.getFixedT('en', 'audit')
    for (const line of seen) {
      const thing = t('kinds.watch', { name: line })
      isTrue(thing.includes(line), line)
      isTrue(t('acts.watch.changed', { who: line, thing }).includes(line), line)
      isTrue(t('other', { who: line, act: line }).split(line).length >= 3 || line.length < 4, line)
    }
  })

  test('of a case’s history and of the banners says a name as it is (S-13)', () => {
    const inbox = i18n.getFixedT('en', 'inbox')
    const common = i18n.getFixedT('en', 'common')
    for (const line of seen) {
      isTrue(inbox('event.approval-returned-why', { reason: line }).includes(line), line)
      isTrue(inbox('event.other', { type: line }).includes(line), line)
      isTrue(common('banner.paused', { handle: line, reason: 'x' }).includes(line), line)
    }
  })
})

describe('a letter of another help desk', () => {
  test('is read as text in one pass, however many tags it begins (S-12) (S-24)', () => {
    for (const line of lines) {
      const text = plainOf(line)
      isTrue(
        text.length <= line.length &&
          plainOf(`<p>${text.replaceAll(/[<>&]/g, '')}</p>`) ===
            text
              .replaceAll(/[<>&]/g, '')
              .split('\n')
              .map((it) => it.trimEnd())
              .join('\n')
              .trim(),
        line,
      )
    }
    for (const piece of ['<', '<style>', '<script', ' ', '<br', '&lt;', '<b', '\n ', '<!--']) {
      const began = performance.now()
      plainOf(`${piece.repeat(100_000)}x`)
      expect(performance.now() - began, piece).toBeLessThan(1_000)
    }
    expect(
      plainOf(
        '<style>x{}</style><p>Hi &lt;b&gt;  </p><br>there<SCRIPT>1</script> <scr<script>x</script>ipt>',
      ),
    ).toBe('Hi <b>\n\nthere xipt>')
  })
})

describe('what others say back', () => {
  test('is kept of a webhook’s answer without our secret, and otherwise as it was (S-13)', () => {
    const secret = makeSecret()
    const bare = secret.slice('whsec_'.length)
    for (const line of lines) {
      const left = withoutSecrets(`${line}${secret}${line} ${bare}`, [secret])
      isTrue(!left.includes(bare) && left === `${line}…${line} …`, line)
    }
  })

  test('is escaped in the page of the API’s documentation (S-12)', () => {
    for (const line of lines) {
      isTrue(!/[<>"']/.test(asText(line)), line)
      isTrue(!/[<>]/.test(withCode(line).replaceAll(/<\/?code>/g, '')), line)
      isTrue(
        asText(line).replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))) === line,
        line,
      )
    }
  })
})

describe('a name in a contract', () => {
  const terms = { words: ['acme'], handles: [], hashtags: [], domains: [], exclusions: [] }
  const takers: [string, number, (name: string) => { success: boolean; data?: unknown }][] = [
    ['watch', 100, (name) => watchRoutes.add.body!.safeParse({ name, terms })],
    ['team', 60, (name) => teamRoutes.make.body!.safeParse({ name, needsApproval: false, memberIds: [] })],
    ['key', 100, (name) => apiKeyRoutes.make.body!.safeParse({ name, may: ['cases.read'], days: 30 })],
  ]
  test.each(takers)(
    'of a %s is refused or taken as it is, without its ends’ blanks (S-13)',
    (_, most, parse) => {
      for (const line of seen) {
        const { success, data } = parse(line)
        isTrue(success === (line.trim() !== '' && [...line.trim()].length <= most), line)
        isTrue(!success || (data as { name: string }).name === line.trim(), line)
      }
    },
  )
})

/** RFC 4180, as a spreadsheet reads it. */
function cellsOf(table: string): string[][] {
  const rows: string[][] = []
  let [row, cell, quoted]: [string[], string, boolean] = [[], '', false]
  for (let at = 0; at < table.length; at++) {
    const it = table[at]!
    if (quoted) {
      if (it !== '"') cell += it
      else if (table[at + 1] === '"') cell += table[at++]
      else quoted = false
    } else if (it === '"' && cell === '') quoted = true
    else if (it === ',') {
      row.push(cell)
      cell = ''
    } else if (it === '\r' && table[at + 1] === '\n') {
      rows.push([...row, cell])
      ;[row, cell] = [[], '']
      at++
    } else cell += it
  }
  return rows
}
