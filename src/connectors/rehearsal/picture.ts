/** Pictures for the rehearsal, drawn in code: a bike on plain ground, as a PNG. */
import { crc32, deflateSync } from 'node:zlib'

const width = 480
const height = 320
export const pictureSize = { width, height }

type Colour = [red: number, green: number, blue: number]
type Point = [x: number, y: number]
export type PictureRef = 'child-bike' | 'rusty-bike'

const looks: Record<
  PictureRef,
  { ground: Colour; sky: Colour; frame: Colour; rust: boolean; lying: boolean }
> = {
  'child-bike': {
    ground: [122, 158, 94],
    sky: [134, 170, 104],
    frame: [196, 50, 52],
    rust: false,
    lying: true,
  },
  'rusty-bike': {
    ground: [150, 146, 140],
    sky: [224, 220, 212],
    frame: [74, 104, 128],
    rust: true,
    lying: false,
  },
}
const wheels: Point[] = [[130, 215], [350, 215]] // biome-ignore format: two points
const bars: [Point, Point][] = [
  [[130, 215], [230, 215]], [[130, 215], [190, 125]], [[190, 125], [310, 125]], [[230, 215], [310, 125]],
  [[190, 125], [230, 215]], [[350, 215], [300, 95]], [[300, 95], [335, 88]], [[190, 125], [184, 100]], [[165, 98], [208, 98]],
] // biome-ignore format: a drawing

const looseCable: [Point, Point] = [[335, 88], [392, 132]] // biome-ignore format: one line

const drawn = new Map<PictureRef, Uint8Array>()

export function pictureOf(ref: string): Uint8Array | null {
  if (!Object.hasOwn(looks, ref)) return null
  const name = ref as PictureRef
  if (!drawn.has(name))
    drawn.set(
      name,
      encodePng((x, y) => colourAt(name, x, y)),
    )
  return drawn.get(name)!
}

function colourAt(ref: PictureRef, x: number, y: number): Colour {
  const look = looks[ref]
  // Lying in the grass: the same bike, leaning.
  const at: Point = look.lying ? [x + (y - 160) * 0.55, y * 1.12 - 30] : [x, y]
  const isTyre = wheels.some((hub) => Math.abs(distance(at, hub) - 68) < 6)
  const isSpoke = wheels.some((hub) => distance(at, hub) < 66 && isOnSpoke(at, hub))
  const isFrame = bars.some((bar) => distanceToBar(at, bar) < 5)
  const isCable = look.lying && distanceToBar(at, looseCable) < 2
  const isRusty = look.rust && Math.sin(x * 0.13) * Math.cos(y * 0.17 + x * 0.05) > 0.35
  if (isCable) return [40, 40, 44]
  if (isFrame) return isRusty ? [142, 84, 42] : look.frame
  if (isTyre) return isRusty ? [104, 72, 50] : [44, 44, 48]
  if (isSpoke) return [168, 168, 172]
  return y > 250 ? look.ground : look.sky
}

const distance = ([ax, ay]: Point, [bx, by]: Point) => Math.hypot(ax - bx, ay - by)

function isOnSpoke([x, y]: Point, [hubX, hubY]: Point): boolean {
  const turn = Math.atan2(y - hubY, x - hubX) / (Math.PI / 8)
  return Math.abs(turn - Math.round(turn)) * distance([x, y], [hubX, hubY]) < 2
}

function distanceToBar(at: Point, [from, to]: [Point, Point]): number {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const along = ((at[0] - from[0]) * dx + (at[1] - from[1]) * dy) / (dx * dx + dy * dy)
  const held = Math.max(0, Math.min(1, along))
  return distance(at, [from[0] + held * dx, from[1] + held * dy])
}

function encodePng(colour: (x: number, y: number) => Colour): Uint8Array {
  const rows = Buffer.alloc(height * (width * 3 + 1))
  for (let y = 0, i = 0; y < height; y++) {
    i++
    for (let x = 0; x < width; x++) for (const part of colour(x, y)) rows[i++] = part
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(kind: string, body: Uint8Array): Buffer {
  const out = Buffer.alloc(12 + body.length)
  out.writeUInt32BE(body.length, 0)
  out.write(kind, 4, 'latin1')
  out.set(body, 8)
  out.writeUInt32BE(crc32(out.subarray(4, 8 + body.length)), 8 + body.length)
  return out
}
