/** Routes for reading about the routes. */
import { z } from 'zod'
import { defineRoute } from '../base/contract.ts'

export const docsRoutes = {
  document: defineRoute({
    method: 'GET',
    path: '/api/openapi.json',
    needs: 'signed-in',
    summary: 'This API for machines, as OpenAPI 3.1.',
    response: z.record(z.string(), z.unknown()),
  }),
  page: defineRoute({
    method: 'GET',
    path: '/api/docs',
    needs: 'signed-in',
    summary: 'This API for people.',
    media: 'text/html',
    response: z.unknown().describe('a page'),
  }),
  look: defineRoute({
    method: 'GET',
    path: '/api/docs.css',
    needs: 'signed-in',
    summary: 'How the page for people looks.',
    media: 'text/css',
    response: z.unknown().describe('a stylesheet'),
  }),
}
