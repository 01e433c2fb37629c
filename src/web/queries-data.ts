/** Exports, imports and backups, as the screen reads them. */
import { queryOptions } from '@tanstack/react-query'
import { contactRoutes } from '../people/contact-contract.ts'
import { portableRoutes } from '../portable/portable-contract.ts'
import { call } from './api.ts'

const underWay = ['reading', 'running']

export const dataQuery = queryOptions({
  queryKey: ['data'],
  queryFn: ({ signal }) => call(portableRoutes.list, { signal }),
  // Asked again while something is under way, and left alone otherwise.
  refetchInterval: ({ state }) =>
    state.data?.carries.some((it) => underWay.includes(it.state)) ? 700 : false,
})

export const contactPointsQuery = (authorId: string) =>
  queryOptions({
    queryKey: ['author', authorId, 'contact-points'],
    queryFn: ({ signal }) => call(contactRoutes.list, { params: { id: authorId }, signal }),
  })
