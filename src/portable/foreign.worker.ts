/**
 * Reads a file of another help desk beside the program, which answers people meanwhile.
 *
 * In:  the kind and the file.
 * Out: what is in it, in pieces that are small enough to take in between two answers; or why not.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { type ForeignKind, type Piece, readHere } from './foreign-file.ts'
import { BadArchive } from './zip-in.ts'

const { kind, file } = workerData as { kind: ForeignKind; file: string }
const perPiece = 1_000
const say = (piece: Piece) => parentPort!.postMessage(piece)

try {
  const { people, cases, fields } = await readHere(kind, file)
  for (let at = 0; at < people.length; at += perPiece) say({ people: people.slice(at, at + perPiece) })
  for (let at = 0; at < cases.length; at += perPiece) say({ cases: cases.slice(at, at + perPiece) })
  say({ fields })
} catch (error) {
  if (!(error instanceof BadArchive)) throw error
  say({ bad: { code: error.code, message: error.message } })
}
