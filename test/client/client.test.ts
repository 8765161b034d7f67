import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTongda } from '../../src/client/index.mjs'
import { createProgram } from '../http/v1/program.ts'
import { openWorld, type World } from '../http/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.stop())

it('reads tickets with types, and gives refusals as problems', async () => {
  const ticket = await world.arrive()
  const { token } = await createProgram(world, ['tickets:read'])
  const tongda = createTongda({ url: world.origin, key: token })
  const { data } = await tongda.GET('/tickets', { params: { query: { state: 'new', limit: 10 } } })
  expect(data?.data.map(({ number }) => number)).toEqual([ticket.number])
  const { error } = await tongda.GET('/contacts/{id}', { params: { path: { id: ticket.contactId } } })
  expect(error?.code).toBe('forbidden')
})
