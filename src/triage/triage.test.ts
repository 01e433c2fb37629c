import { describe, expect, test } from 'vitest'
import { excessOf } from '../../test/cost.ts'
import { keepWords } from './keep-words.ts'
import { languageOf } from './language.ts'
import { type Kind, triagePost, type Urgency } from './triage.ts'

describe('the kind of a post', () => {
  test.each<[string, Kind]>([
    ['My kettle arrived broken and support keeps hanging up.', 'complaint'],
    ['yes, still broken', 'complaint'],
    ["The app won't open since the update", 'complaint'],
    ['Still waiting for my parcel, it was due on Monday', 'complaint'],
    ['You charged me twice for one ticket', 'complaint'],
    ['Your website is down again', 'complaint'],
    ['Nobody answers the phone. Where is my refund?', 'complaint'],
    ['Absolutely useless service from this company', 'complaint'],
    ['Third time they cancel my repair appointment, an hour before', 'complaint'],
    ['It arrived without pedals. Whom do I talk to?', 'complaint'],
    ['Day 20 of asking for an invoice', 'complaint'],
    ['Das Paket ist nie angekommen und niemand antwortet', 'complaint'],
    ['Mein neues Gerät funktioniert nicht, sehr enttäuscht', 'complaint'],
    ['Mon colis n’est jamais arrivé, c’est inadmissible', 'complaint'],
    ['La lavadora no funciona y nadie me responde', 'complaint'],
    ['How do I reset my password on the new app?', 'question'],
    ['Hi, do you ship to Norway?', 'question'],
    ['Does anyone know when the shop in Leeds opens on Sunday?', 'question'],
    ['Wann öffnet die Filiale in Köln am Samstag?', 'question'],
    ['¿A qué hora abre la tienda de Bilbao mañana?', 'question'],
    ['Thank you so much to the team in Leeds, you made my day', 'praise'],
    ['Big love to Sam at the workshop', 'praise'],
    ['I love this kettle, best product ever', 'praise'],
    ['Vielen Dank an das ganze Team, super Service', 'praise'],
    ['Merci beaucoup pour votre aide, service impeccable', 'praise'],
    ['It would be great if the app had a dark mode', 'suggestion'],
    ['Please add a vegan option to the breakfast menu', 'suggestion'],
    ['lol', 'chatter'],
    ['Good morning!', 'chatter'],
    ['I recovered my lost account thanks to this expert, just send a message on Instagram', 'spam'],
    ['Check out my bio for followers', 'spam'],
    ['Wearing my new shoes to the office today', 'unsure'],
    ['注文した商品がまだ届きません、どうなっていますか', 'unsure'],
  ])('"%s" is %s', (text, kind) => {
    expect(triagePost(text, []).kind).toBe(kind)
  })

  test.each([
    ['Thanks for nothing, my order is lost', 'praise'],
    ['Great job breaking the app again', 'praise'],
    ['I used to love this shop', 'praise'],
    ['I am not happy with the new menu', 'praise'],
    ['What a song, this record is broken beautifully', 'spam'],
    ['Who else cares about the weather?', 'complaint'],
  ])('"%s" is not taken for %s', (text, kind) => {
    expect(triagePost(text, []).kind).not.toBe(kind)
  })

  test('praise beside trouble is for a person to tell', () => {
    expect(triagePost('It was broken but you fixed it, thank you to the team for that', []).kind).toBe(
      'unsure',
    )
  })
})

describe('how urgent it is', () => {
  test.each<[string, Urgency, string]>([
    ['My charger just caught fire on the desk', 3, 'safety'],
    ['There is smoke coming out of the dryer', 3, 'safety'],
    ['The brakes failed on the way home', 3, 'safety'],
    ["the front brake of my son's bike snapped on a hill", 3, 'safety'],
    ['Your kettle burned my hand badly', 3, 'injury'],
    ['I found glass in my soup', 3, 'injury'],
    ['Allergic reaction after your bar, peanuts were not listed', 3, 'allergy'],
    ['My toddler nearly choked on the button of this toy', 3, 'child'],
    ['I want to die, nobody helps me', 3, 'self-harm'],
    ["I'm going to shoot everyone in that shop", 3, 'threat'],
    ['Someone hacked into my account and I cannot get in, my account was hacked', 2, 'fraud'],
    ['There are unauthorised charges on my card from you', 2, 'fraud'],
    ['We are stranded at the airport with two kids', 2, 'stranded'],
    ['My insulin was not delivered', 2, 'medicine'],
    ['My flight leaves today and the booking is gone', 2, 'deadline'],
    ['You will hear from my lawyer', 2, 'lawyer'],
    ['I have filed a complaint with the ombudsman', 2, 'regulator'],
    ["I'm a journalist at the Herald, may I have a comment?", 2, 'press'],
    ['This is the third time I ask', 1, 'again-and-again'],
    ['Das Ladegerät fing Feuer heute morgen', 3, 'safety'],
    ['Mein Anwalt wird sich bei Ihnen melden', 2, 'lawyer'],
  ])('"%s" is %i because of %s', (text, urgency, rule) => {
    const said = triagePost(text, [])

    expect(said.urgency).toBe(urgency)
    expect(said.urgencyReasons.map((it) => it.rule)).toContain(rule)
    expect(said.urgencyReasons.flatMap((it) => it.words).length).toBeGreaterThan(0)
  })

  test.each([
    'this song is fire',
    'You are on fire today, great game',
    'I would kill for one of your burgers',
    'That joke hurt my feelings',
    'My brother works in a hospital and likes your coffee',
    'My lawyer friend recommended your shop',
    'So embarrassed I want to die',
    'Third time is the charm',
    'The bomb! What a burger',
    'My phone died',
    'I read about you in the press',
  ])('"%s" rings no alarm', (text) => {
    expect(triagePost(text, []).urgency).toBe(0)
  })

  test('whatever is urgent needs an answer', () => {
    expect(triagePost('Thank you to the team, but my charger caught fire', []).needsAnswer).toBe('yes')
  })
})

test('each reason holds the words that led to it', () => {
  expect(triagePost('My charger caught fire, still waiting for an answer', []).urgencyReasons).toEqual([
    { rule: 'safety', words: ['charger caught fire'] },
    { rule: 'again-and-again', words: ['still waiting for an answer'] },
  ])
})

describe('the language', () => {
  test.each([
    ['Mein Paket ist seit zwei Wochen unterwegs', 'de'],
    ['My parcel has been on its way for two weeks', 'en'],
    ['Mon colis est en route depuis deux semaines', 'fr'],
    ['Mi paquete lleva dos semanas de camino', 'es'],
    ['Il mio pacco è in viaggio da due settimane', 'it'],
    ['荷物が二週間も届いていません', 'ja'],
    ['소포가 이 주째 오지 않습니다', 'ko'],
    ['Посылка идёт уже две недели', 'ru'],
    ['मेरा पार्सल दो हफ़्ते से रास्ते में है', 'hi'],
  ])('of "%s" is %s', (text, language) => {
    expect(languageOf(text, [])).toBe(language)
  })

  test.each(['ok', 'still broken', '😡😡😡', '', '@acme.example #fail https://acme.example/a-long-path'])(
    'of "%s" cannot be told',
    (text) => {
      expect(languageOf(text, ['en'])).toBe('und')
    },
  )
})

test('words that are no longer said are no longer quoted, the rule stays', () => {
  const said = triagePost('My charger caught fire. Still broken.', [])

  expect(keepWords(said, ['it is STILL BROKEN']).urgencyReasons).toEqual([{ rule: 'safety', words: [] }])
  expect(keepWords(said, ['it is STILL BROKEN']).kindReasons[0]!.words).toContain('still broken')
})

test.each(['\0', '\ud800', '@a.', 'a.b/', 'haha ', ' ', 'how ', '\u0301', 'thanks ', 'my card '])(
  'no text is too odd or too long to be triaged: of %j the cost is no more than its length',
  (words) => {
    triagePost(words, ['en'])
    const read = (times: number) => triagePost(`a${words.repeat(times)}`, ['en'])

    // A rule that tries every way to read it would take minutes.
    expect(excessOf(read, 7_500)).toBeLessThanOrEqual(0)
  },
  30_000,
)
