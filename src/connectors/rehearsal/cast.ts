/**
 * The people of the rehearsal: who they are, how many follow them, and how they take our answers.
 *
 * Nobody here exists. Fernhill Bikes does not either.
 */

/** What in our answer a person reacts to. Tried in order; each is used once in a conversation. */
export type Reaction = {
  on: 'question' | 'solution' | 'private' | 'anything'
  says: string
  /** After these words the person has nothing more to say: later answers get a like at most. */
  last?: true
}

export type CastMember = {
  handle: string
  name: string | null
  followers: number
  badges?: string[]
  verified?: true
  blocksUs?: true
  /** Hides our answers under their own posts. */
  hidesReplies?: true
  reactions?: Reaction[]
}

export const brand = {
  name: 'Fernhill Bikes',
  handle: 'fernhill.rehearsal',
  accountId: 'did:rehearsal:fernhill',
  serviceUrl: 'https://rehearsal.invalid',
  secret: 'rehearsal',
  watch: {
    name: 'Fernhill Bikes',
    terms: {
      words: ['Fernhill'],
      handles: ['fernhill.rehearsal'],
      hashtags: ['fernhill', 'fernhillbikes'],
      domains: ['fernhill.example'],
      exclusions: ['Fernhill Road'],
    },
  },
} as const

export const accountIdOf = (handle: string) => `did:rehearsal:${handle.replace(/\.rehearsal$/, '')}`

export const cast: CastMember[] = [
  { handle: brand.handle, name: brand.name, followers: 8_412 },
  {
    handle: 'mara.rehearsal',
    name: 'Mara Ellison',
    followers: 143,
    reactions: [
      { on: 'private', says: 'ok, I wrote to you there. Please have a look today, I am out of patience.' },
      { on: 'solution', says: 'It came this morning, a bit battered but all there. Thank you!', last: true },
      {
        on: 'question',
        says: 'Ordered on the 3rd, the tracking page says "delivered" since Monday. To whom??',
      },
      { on: 'anything', says: 'That is what the last three e-mails said as well. When exactly?' },
    ],
  },
  {
    handle: 'tom.rehearsal',
    name: 'Tom Okafor',
    followers: 61,
    reactions: [
      { on: 'question', says: 'the one by the canal, near the lock' },
      { on: 'anything', says: 'perfect, see you then', last: true },
    ],
  },
  {
    handle: 'priya.rehearsal',
    name: 'Priya Nair',
    followers: 388,
    reactions: [
      {
        on: 'question',
        says: 'It is the Sprout 16, bought at the end of March. He is fine, thank you for asking.',
      },
      {
        on: 'solution',
        says: 'Collected and replaced within a day. That is how it should be, thanks.',
        last: true,
      },
      { on: 'anything', says: 'We have stopped using it, of course. But other parents have the same bike.' },
    ],
  },
  {
    handle: 'beth.rehearsal',
    name: 'Beth Marlowe',
    followers: 1_204,
    reactions: [{ on: 'anything', says: 'please do tell him! made my week', last: true }],
  },
  {
    handle: 'oskar.rehearsal',
    name: 'oskar',
    followers: 529,
    reactions: [
      { on: 'solution', says: 'huh. that was quick. taking back half of the sarcasm', last: true },
      { on: 'question', says: 'two weeks. in a dry cellar. it has seen less rain than my desk plant' },
      { on: 'anything', says: 'lovely words. do they stop rust?' },
    ],
  },
  {
    handle: 'jonas.rehearsal',
    name: 'Jonas Weidner',
    followers: 97,
    reactions: [
      { on: 'private', says: 'Habe ich gerade geschickt.' },
      { on: 'solution', says: 'Das Geld ist wieder da, danke für die schnelle Hilfe!', last: true },
      { on: 'question', says: 'Zweimal 849 €, beide am 14. abgebucht. Die Bank sagt, es liegt an euch.' },
      { on: 'anything', says: 'Und bis wann? Mein Konto ist jetzt im Minus.' },
    ],
  },
  {
    handle: 'nadia.rehearsal',
    name: 'Nadia Rahimi',
    followers: 2_310,
    reactions: [
      {
        on: 'solution',
        says: 'Thursday at 8 works. I will believe it when I stand there, but thank you.',
        last: true,
      },
      { on: 'anything', says: 'So that is a fourth "we are sorry". Give me a date.' },
    ],
  },
  { handle: 'carlos.rehearsal', name: 'Carlos V.', followers: 76 },
  {
    handle: 'wen.rehearsal',
    name: 'Wen Li',
    followers: 204,
    reactions: [{ on: 'anything', says: 'thanks for answering me too, not only the loud ones', last: true }],
  },
  { handle: 'ingrid.rehearsal', name: 'Ingrid', followers: 18 },
  {
    handle: 'sal.rehearsal',
    name: 'Sal (they/them)',
    followers: 911,
    reactions: [{ on: 'anything', says: 'copy and paste. nice.' }],
  },
  { handle: 'fernhi1l-support.rehearsal', name: 'Fernhill Bikes Support ✅', followers: 3 },
  {
    handle: 'lucia.rehearsal',
    name: 'Lucía Ferrer',
    followers: 312,
    reactions: [
      { on: 'question', says: 'La Trail 2, para ir al trabajo y algún domingo por el monte.' },
      { on: 'anything', says: '¡Mil gracias! Me quedo con la M.', last: true },
    ],
  },
  { handle: 'ray.rehearsal', name: 'Ray', followers: 40 },
  {
    handle: 'elsie.rehearsal',
    name: 'Elsie Byrne',
    followers: 155,
    reactions: [{ on: 'anything', says: 'Got it, thank you for being so quick.', last: true }],
  },
  {
    handle: 'amelia.rehearsal',
    name: 'Amelia Stone',
    followers: 1_240_000,
    badges: ['creator'],
    verified: true,
    reactions: [{ on: 'anything', says: 'thank you, waiting for the pedals then', last: true }],
  },
  {
    handle: 'joe.rehearsal',
    name: 'Joe',
    followers: 7,
    reactions: [{ on: 'anything', says: 'thank you, waiting for the pedals then', last: true }],
  },
  {
    handle: 'kenji.rehearsal',
    name: '佐伯 健司',
    followers: 268,
    reactions: [
      { on: 'question', says: '東京の神田店で購入しました。まだ一週間です。' },
      { on: 'anything', says: 'ご対応ありがとうございます。助かりました。', last: true },
    ],
  },
  { handle: 'hugo.rehearsal', name: 'Hugo Brandt', followers: 640 },
  { handle: 'vera.rehearsal', name: 'Vera', followers: 83, blocksUs: true },
  { handle: 'pavel.rehearsal', name: 'Pavel Dvořák', followers: 4_090, hidesReplies: true },
  {
    handle: 'dev.rehearsal',
    name: 'Dev Patel',
    followers: 350,
    reactions: [{ on: 'anything', says: 'nice! happy to test a prototype, no strings', last: true }],
  },
  {
    handle: 'yusuf.rehearsal',
    name: 'Yusuf',
    followers: 29,
    reactions: [{ on: 'anything', says: 'great, thanks', last: true }],
  },
  { handle: 'best-dealz.rehearsal', name: 'BEST DEALZ 24/7', followers: 11 },
  { handle: 'hana.rehearsal', name: 'Hana', followers: 420 },
  { handle: 'milo.rehearsal', name: null, followers: 2 },
]
