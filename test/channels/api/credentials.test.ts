import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { api } from '../../../channels/api/index.ts'
import { findingsOf } from '../../support/credentials.ts'
import { secret, startBrand, type Brand } from './stage.ts'

let brand: Brand
beforeEach(async () => {
  brand = await startBrand()
})
afterEach(() => brand.close())

const find = (webhookUrl: string, more: Record<string, unknown> = {}) =>
  findingsOf(api, { secret, webhookUrl, allowLoopbackHttp: true, ...more })

describe('the settings of a signed HTTP inbox', () => {
  it('are sound when something answers, and nothing is delivered', async () => {
    expect(await find(`${brand.url}/hook`)).toEqual([true, true])
    expect(brand.received).toEqual([])
  })

  it('say where nothing answers, and which address may not be called', async () => {
    const [, away] = await find('http://127.0.0.1:9/hook')
    expect(away).toMatch(/^webhookUrl 没有应答.*webhookUrl answers within/)
    const [, refused] = await find('https://127.0.0.1/hook', { allowLoopbackHttp: false })
    expect(refused).toMatch(/allowAddresses/)
  })
})
