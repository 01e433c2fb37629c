import { expect, test } from 'vitest'
import { streamAddress } from './stream-address.ts'

test('one stream has one address however it was typed', () => {
  expect(streamAddress('wss://Jetstream.example/')).toBe('wss://jetstream.example')
  expect(streamAddress('wss://jetstream.example/subscribe?x=1')).toBe('wss://jetstream.example/subscribe')
  expect(streamAddress('https://jetstream.example')).toBe(null)
  expect(streamAddress('jetstream')).toBe(null)
})
