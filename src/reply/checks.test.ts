import { expect, test } from 'vitest'
import { excessOf } from '../../test/cost.ts'
import { type CheckCode, checkReply, whyNotSay } from './checks.ts'

const acme = { lastReplies: [] as string[], brand: 'Acme' }
const found = (text: string, context = acme) =>
  checkReply(text, context).map((it) => `${it.code}: ${it.spans.map((span) => span.text).join(' | ')}`)
const has = (code: CheckCode, text: string) => checkReply(text, acme).some((it) => it.code === code)

test('a blank that nobody filled blocks, and the words are named', () => {
  for (const [text, words] of [
    ['Hi {name}, we are on it', '{name}'],
    ['Hi {first_name}, we are on it', '{first_name}'],
    ['Hi {{ customer.name }}!', '{{ customer.name }}'],
    ['Hello [NAME], your parcel is on its way', '[NAME]'],
    ['Hello [Your name here]', '[Your name here]'],
    ['Thanks [ORDER NUMBER]', '[ORDER NUMBER]'],
    ['Dear <name>', '<name>'],
    ['See <LINK> for more', '<LINK>'],
    ['Dear %FIRST_NAME%', '%FIRST_NAME%'],
    ['It arrives on XXX', 'XXX'],
    ['Sorry. TODO: say why', 'TODO'],
    ['It costs ____ pounds', '____'],
  ] as const)
    expect(found(text), text).toEqual([`placeholder: ${words}`])
})

test('brackets, kisses and hearts of ordinary writing are no blanks', () => {
  for (const text of [
    'We love you too <3',
    'Thank you xxx',
    'Size XXL is back',
    '[UPDATE] The line is running again',
    'They said [sic] that it works [1]',
    'Un saludo a todos, hacemos todo lo posible',
    'TODO ESTÁ LISTO',
    'if (a < b && c > d) it works',
    'Set it to {}',
    'A_b and snake_case are fine',
    '20% off? No, 30%',
  ])
    expect(has('placeholder', text), text).toBe(false)
})

test("the customer's personal data in public blocks", () => {
  for (const [text, words] of [
    ['We wrote to kim.lee@mail.example just now', 'kim.lee@mail.example'],
    ['Is it KIM+shop@MAIL.co.uk?', 'KIM+shop@MAIL.co.uk'],
    ['Is kim (at) mail (dot) com right?', 'kim (at) mail (dot) com'],
    ['We tried to call you on 020 7946 0958', '020 7946 0958'],
    ['Is your mobile 7946 0958?', '7946 0958'],
    ['Your number +44 7700 900123 did not answer', '+44 7700 900123'],
    ['We have +1 (415) 555-2671 on file', '+1 (415) 555-2671'],
    ['We rang 415-555-2671 twice', '415-555-2671'],
    ['Ihre Telefonnummer 0171 5550123 stimmt nicht', '0171 5550123'],
    ['The card 4111 1111 1111 1111 was refunded', '4111 1111 1111 1111'],
    ['The card 5500-0000-0000-0004 was refunded', '5500-0000-0000-0004'],
    ['Card 378282246310005 was refunded', '378282246310005'],
    ['Refund goes to DE89 3704 0044 0532 0130 00', 'DE89 3704 0044 0532 0130 00'],
    ['Your order 1023456 left today', '1023456'],
    ['Your order number is #AC-10234', 'AC-10234'],
    ['Booking ref: X7K2LM is confirmed', 'X7K2LM'],
    ['Invoice no. 2025-00123 was cancelled', '2025-00123'],
    ['Ihre Bestellung 88412345 ist unterwegs', '88412345'],
    ['Votre commande n° 4455667 est partie', '4455667'],
    ['tracking JD014600003828392841', 'JD014600003828392841'],
  ] as const)
    expect(found(text), text).toEqual([`personal-data: ${words}`])
})

test('times, prices, years and our own ways to be reached are not personal data', () => {
  for (const text of [
    'Order now and get it tomorrow',
    'Please order before 2026',
    'Your order from 2025 shipped',
    'Your order arrives within 24 hours',
    'We open 09:00-17:00, on 24.12.2026 09:00-12:00',
    'It costs £1,299.00, down from £1,499.00',
    'More than 10 000 000 people use it',
    'The years 2019 2020 2021 2022 were hard',
    'Build 20261122 fixes it',
    'Version 10.0.19045.3693 has the fix',
    'On 2026-11-22 at 10:15 we saw it too',
    'Write to help@acme.com and we will sort it out',
    'Write to kim@acme.co.uk, our lead',
    'Write to support@partner.example',
    'Call us on 020 7946 0958',
    'Our hotline is +44 20 7946 0958',
    'Ring 0800 123 4567, it is free',
    'Thanks @kim.bsky.social, we are on it',
    'See https://acme.com/orders/1023456789 for how it works',
    'Reference prices are in our store',
    'Account holders can change it in settings',
    'Booking opens on 1 March',
    'order 2 burgers, get 1',
    'The booking system is back',
    'Please call 020 7946 0958 and ask for the desk',
    'Text 07700 900123 to join',
    'You can order RTX4090 cards again',
    'Our policy COVID-19 changed',
  ])
    expect(has('personal-data', text), `${text} -> ${found(text)}`).toBe(false)
})

test('a number that no card could have is not taken for one', () => {
  expect(has('personal-data', 'The code on the box is 4111 1111 1111 1112')).toBe(false)
})

test('a threat blocks', () => {
  for (const text of [
    'We will take legal action',
    "If this stays up we'll sue you",
    'Our lawyers will take you to court',
    'Take this down or else.',
    'Delete this post or we will act',
    'We will fine you for this review',
    'We can ban you from our stores',
    'You will be sued',
    'You will regret this',
    'You may face legal action',
    'This is your last warning',
    'Wir prüfen rechtliche Schritte gegen Sie',
  ])
    expect(has('threat', text), text).toBe(true)
})

test('talking about law, rules or help is no threat', () => {
  for (const text of [
    'You have the right to take legal action',
    'We will not take legal action against you',
    'We never fine you for cancelling',
    'We would never sue you',
    'Please restart it, or else it may not update',
    'Choose email or else phone, whichever you like',
    'The court ruled against us',
    'We will report back to you tomorrow',
    'We had to ban that scam account',
    'Fine by us! You can block the sender in settings',
    'A fine idea, thank you',
    'We can block you a seat until noon',
    'You will be sorry to hear that it is sold out',
    'The last warning for the storm was lifted',
    'We are facing legal action over this and cannot say more',
  ])
    expect(has('threat', text), text).toBe(false)
})

test('a sales line inside an apology is advised against, and is fine elsewhere', () => {
  expect(found('We are so sorry. Shop now for 20% off!')).toEqual(['sales-in-apology: Shop now | 20% off'])
  expect(has('sales-in-apology', 'Shop now for 20% off!')).toBe(false)
  expect(has('sales-in-apology', 'Sorry, that was our fault. The refund is on its way.')).toBe(false)
})

test('the same words again are advised against, whoever was addressed', () => {
  const context = {
    ...acme,
    lastReplies: ['@kim.test Thank you for telling us, we are looking into it right now.'],
  }

  expect(found('@lee.test thank you for telling us, we are looking into it right now!', context)).toEqual([
    'same-again: @lee.test thank you for telling us, we are looking into it right now!',
  ])
  expect(found('The lift in Leeds is fixed since noon, thank you for telling us.', context)).toEqual([])
  expect(found('Thank you!', { ...acme, lastReplies: ['Thank you!'] })).toEqual([])
})

test('asking to share is advised against, asking for details is not', () => {
  expect(has('please-share', 'So glad! Please share this with your friends')).toBe(true)
  expect(has('please-share', "Don't forget to follow us")).toBe(true)
  expect(has('please-share', 'Please share your thoughts with us by email')).toBe(false)
  expect(has('please-share', 'Feel free to like what you like')).toBe(false)
})

test('the first three block and the rest advise', () => {
  const levels = checkReply(
    'Sorry {name}, kim@mail.test: we will sue you. Shop now and please share this!',
    acme,
  ).map((it) => `${it.code} ${it.level}`)

  expect(levels).toEqual([
    'placeholder block',
    'personal-data block',
    'threat block',
    'sales-in-apology advise',
    'please-share advise',
  ])
})

test('a span is where the words stand', () => {
  const text = '\u{1F600} mail kim@mail.test now'

  expect(checkReply(text, acme)[0]?.spans).toEqual([{ start: 8, end: 21, text: 'kim@mail.test' }])
  expect(text.slice(8, 21)).toBe('kim@mail.test')
})

test('a refusal names its code and the words', () => {
  expect(whyNotSay('Hi {name}', 'Acme')).toEqual({ code: 'reply-placeholder', detail: '{name}' })
  expect(whyNotSay('Mail kim@mail.test', 'Acme')).toEqual({
    code: 'reply-personal-data',
    detail: 'kim@mail.test',
  })
  expect(whyNotSay('We will sue you', 'Acme')).toEqual({ code: 'reply-threat', detail: 'We will sue you' })
  expect(whyNotSay('Thank you, we are on it', 'Acme')).toBe(null)
})

test.each([
  'a',
  'a@',
  '1 ',
  '{',
  '[',
  'order ',
  'we will ',
  'please ',
  'a.',
  '\u0000\ud800',
  'z\u0300\u0301\u0302',
  'AA00 ',
])(
  'a huge text of %j costs no more than its length',
  (words) => {
    const read = (length: number) => {
      const text = `${words.repeat(length / words.length)}@`
      expect(Array.isArray(checkReply(text, { brand: '', lastReplies: [text] }))).toBe(true)
    }

    expect(excessOf(read, 12_500)).toBeLessThanOrEqual(0)
  },
  30_000,
)
