/** Which routes there are, asked twice: of the contracts, and of the server that mounts them. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { AnyRoute } from '../../src/base/contract.ts'

export async function findContracts(): Promise<Map<string, AnyRoute>> {
  const root = join(import.meta.dirname, '../..')
  const found = new Map<string, AnyRoute>()
  for (const path of globSync('src/**/*-contract.ts', { cwd: root })) {
    const exported: Record<string, unknown> = await import(join(root, path))
    const routes = Object.values(exported).flatMap((it) => (isRoute(it) ? [it] : Object.values(it ?? {})))
    for (const route of routes.filter(isRoute)) found.set(`${route.method} ${route.path}`, route)
  }
  return found
}

const isRoute = (it: unknown): it is AnyRoute =>
  typeof it === 'object' && it !== null && 'method' in it && 'path' in it && 'response' in it

/** Fastify says when a server is made, which is before anyone else can add a route to it. */
export async function listeningToRoutes<T>(heard: string[], build: () => Promise<T>): Promise<T> {
  const hear = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) heard.push(`${one} ${url}`)
    })
  }
  subscribe('fastify.initialization', hear)
  try {
    return await build()
  } finally {
    unsubscribe('fastify.initialization', hear)
  }
}
