import { expect, test } from 'vitest'
import { findUnusual, type Habits, isWorthAsking, type Recently } from './unusual.ts'

const recently = (over: Partial<Recently> = {}): Recently => ({ people: 3, searches: 1, again: [], ...over })
const none = { own: [], team: [] }
const habits = (over: Partial<Habits> = {}): Habits => ({ people: none, searches: none, ...over })
const hours = (count: number, each: number) => Array.from({ length: count }, () => each)

test('a day of ordinary work is not unusual, and no history is read for it', () => {
  expect(findUnusual(recently({ people: 30, searches: 10 }), habits())).toEqual([])
  expect(isWorthAsking(recently({ people: 30, searches: 10 }))).toBe(false)
})

test('whoever is new and looks at more than thirty people in an hour is told of', () => {
  expect(findUnusual(recently({ people: 31 }), habits())).toEqual([
    { kind: 'many-people', authorId: null, found: 31, usual: 0 },
  ])
})

test('whoever reads the whole queue every hour may go on doing so', () => {
  const own = hours(40, 25)

  expect(findUnusual(recently({ people: 100 }), habits({ people: { own, team: [] } }))).toEqual([])
  expect(findUnusual(recently({ people: 101 }), habits({ people: { own, team: [] } }))).toMatchObject([
    { kind: 'many-people', found: 101, usual: 25 },
  ])
})

test('one wild hour does not make the next one usual: the middle counts, not the mean', () => {
  const own = [...hours(12, 4), 5_000]

  expect(findUnusual(recently({ people: 60 }), habits({ people: { own, team: [] } }))).toHaveLength(1)
})

test('while somebody has few hours of their own, the habits of the team stand in', () => {
  const people = { own: hours(9, 1), team: hours(30, 20) }

  expect(findUnusual(recently({ people: 80 }), habits({ people }))).toEqual([])
  expect(findUnusual(recently({ people: 81 }), habits({ people }))).toMatchObject([{ usual: 20 }])
})

test('many searches within an hour are told of', () => {
  expect(findUnusual(recently({ searches: 11 }), habits())).toMatchObject([
    { kind: 'many-searches', found: 11 },
  ])
})

test('coming back to one person without a case of theirs is told of, once per person', () => {
  const again = [
    { authorId: 'kim', hours: 5 },
    { authorId: 'lee', hours: 4 },
  ]

  expect(findUnusual(recently({ again }), habits())).toEqual([
    { kind: 'one-person', authorId: 'kim', found: 5, usual: 4 },
  ])
})
