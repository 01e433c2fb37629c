/**
 * What the people of the rehearsal say, when, in about four minutes.
 *
 * A line's `id` names its post for good: told again after a restart, it is the same post. No two lines share a
 * moment (`at`, in seconds), because the moment is the network's cursor.
 */
export type Line = Spoken | (Moment & { deletes: string }) | (Moment & { edits: string; says: string })
type Moment = { at: number; who: string }
export type Spoken = Moment & {
  id: string
  says: string
  /** The line it answers. */
  to?: string
  langs?: string[]
  picture?: { ref: 'child-bike' | 'rusty-bike'; alt: string }
  /** Only the author may answer here. */
  gated?: true
  /** Said only when nobody of ours has answered in the thread by then. */
  ifUnanswered?: true
}

export const story: Line[] = [
  {
    at: 0.3, who: 'fernhill', id: 'checkup',
    says: 'Spring check-up week: bring your bike to any Fernhill workshop until Saturday. Brakes and gears are on us.',
  },
  {
    at: 1, who: 'mara', id: 'parcel',
    says: '@fernhill.rehearsal my parcel never came. Ordered twelve days ago, tracking says "delivered", my doorstep says no. Three e-mails, zero answers.',
  },
  { at: 5, who: 'hana', id: 'ramen', says: 'The ramen place on the corner is back. That is all, that is the post.' },
  {
    at: 8, who: 'tom', id: 'sunday',
    says: 'is the Fernhill shop by the canal open this Sunday? would come by with the kids',
  },
  {
    at: 14, who: 'priya', id: 'brake',
    says: "@fernhill.rehearsal the front brake of my son's bike failed today, on a hill, after five weeks. The cable just snapped. He is six. He ended up in a hedge, luckily. Please tell me this is not all of them.",
    picture: {
      ref: 'child-bike',
      alt: "A small red child's bike lying in the grass, its front brake cable hanging loose.",
    },
  },
  {
    at: 20, who: 'beth', id: 'praise',
    says: 'Big love to Sam at the Fernhill workshop in Leeds, who stayed half an hour longer so that I could ride home. Some people just care. 💚',
  },
  {
    at: 26, who: 'oskar', id: 'rust',
    says: 'great, my new Fernhill now comes pre-rusted. love the vintage look. ten out of ten, would oxidise again',
    picture: { ref: 'rusty-bike', alt: 'A bike with brown rust spots all over frame and chain.' },
  },
  {
    at: 32, who: 'jonas', id: 'zweimal', langs: ['de'],
    says: 'Hallo @fernhill.rehearsal, ihr habt mir das Rad zweimal abgebucht. Die Hotline legt nach zehn Minuten auf. Was soll ich jetzt tun?',
  },
  {
    at: 38, who: 'nadia', id: 'cancelled',
    says: 'Third time that Fernhill cancels my repair appointment, an hour before, by text. I took a morning off for this. Again.',
  },
  { at: 41, who: 'carlos', id: 'pile-1', to: 'cancelled', says: 'same. twice since Easter' },
  {
    at: 44, who: 'wen', id: 'pile-2', to: 'cancelled',
    says: '@fernhill.rehearsal mine was cancelled too, and nobody can tell me where my bike is right now',
  },
  { at: 47, who: 'ingrid', id: 'pile-3', to: 'pile-1', says: 'I just gave up and went to the little shop on Mill Lane' },
  {
    at: 51, who: 'sal', id: 'pile-4', to: 'cancelled',
    says: 'lol at fernhill inviting everyone to a check-up week while cancelling the people who paid',
  },
  {
    at: 55, who: 'best-dealz', id: 'spam',
    says: '🔥🔥 FERNHILL E-BIKES 90% OFF 🔥🔥 only today!!! click https://fernhill-outlet.invalid/win and claim your FREE voucher #fernhill #giveaway #crypto',
  },
  {
    at: 60, who: 'fernhi1l-support', id: 'scam', to: 'parcel',
    says: 'Hello Mara, this is the Fernhill Bikes support team. We are sorry! To release your parcel please send us your phone number and your card number by direct message.',
  },
  { at: 66, who: 'mara', id: 'really', to: 'scam', says: 'is this really you? why would you need my card number?' },
  {
    at: 72, who: 'lucia', id: 'talla', langs: ['es'],
    says: '@fernhill.rehearsal mido 1,62, ¿qué talla me recomendáis de la Trail? En la web pone S y M a la vez.',
  },
  { at: 80, who: 'ray', id: 'rude', says: 'fernhill you absolute clowns, whoever answers your phone should be fired today' },
  {
    at: 86, who: 'elsie', id: 'order',
    says: 'Can someone at Fernhill check order 77120? It says "waiting for payment" and I paid on Friday.',
  },
  { at: 92, who: 'milo', id: 'road', says: 'traffic on Fernhill Road is a nightmare again' },
  {
    at: 97, who: 'amelia', id: 'pedals-a',
    says: 'My Fernhill Trail 3 arrived without pedals. Whom do I talk to about that?',
  },
  {
    at: 100, who: 'joe', id: 'pedals-j',
    says: 'My Fernhill Trail 3 arrived without pedals. Whom do I talk to about that?',
  },
  { at: 104, who: 'ray', deletes: 'rude' },
  {
    at: 108, who: 'kenji', id: 'chain', langs: ['ja'],
    says: 'Fernhill の自転車、一週間でチェーンが外れるようになりました。修理はどこに頼めばいいですか？ @fernhill.rehearsal',
  },
  {
    at: 112, who: 'elsie', edits: 'order',
    says: 'Can someone at Fernhill check order 77210? It says "waiting for payment" and I paid on Friday. (Sorry, wrong number at first.)',
  },
  {
    at: 118, who: 'hugo', id: 'gated', gated: true,
    says: 'A thread on why I returned my Fernhill after a year. Replies are off, I do not want to debate it.',
  },
  {
    at: 126, who: 'vera', id: 'blocked',
    says: 'Fernhill sold me a "new" saddle with somebody else\'s hair on it. Blocked them after the last time.',
  },
  { at: 134, who: 'priya', id: 'still', to: 'brake', says: 'yes, still broken. and he has to get to school somehow.' },
  {
    at: 142, who: 'pavel', id: 'hides',
    says: 'Day 20 of asking Fernhill for an invoice. I need it for my taxes. It is one PDF.',
  },
  {
    at: 150, who: 'dev', id: 'idea',
    says: 'Idea for @fernhill.rehearsal: mounting points for a mudguard on the Trail frame. Two threaded holes, that is all it takes. Could you add that next year?',
  },
  { at: 158, who: 'yusuf', id: 'ebike', to: 'checkup', says: 'is that for e-bikes too?' },
  { at: 168, who: 'hana', id: 'bread', says: 'new sourdough attempt: brick number four' },
  {
    at: 176, who: 'wen', id: 'where', to: 'pile-2', ifUnanswered: true,
    says: 'really, where is it? it has my child seat on it',
  },
  { at: 190, who: 'tom', id: 'anyone', to: 'sunday', ifUnanswered: true, says: 'anyone?' },
  {
    at: 214, who: 'jonas', id: 'warten', to: 'zweimal', ifUnanswered: true, langs: ['de'],
    says: 'Keine Antwort ist auch eine Antwort. Morgen gehe ich zur Bank.',
  },
  {
    at: 236, who: 'mara', id: 'thirteen', to: 'parcel', ifUnanswered: true,
    says: 'still nothing. tomorrow is day thirteen.',
  },
] // biome-ignore format: a script to read
