import { describe, expect, it } from 'vitest'
import { web } from '../../../channels/web/index.ts'
import { findingsOf } from '../../support/credentials.ts'

const publicUrl = 'https://chat.example.com'

describe('the addresses of a web chat', () => {
  it('are sound over https and on this machine', async () => {
    expect(await findingsOf(web, { publicUrl })).toEqual([true, true])
    expect(await findingsOf(web, { publicUrl: 'http://127.0.0.1:8787' })).toEqual([true, true])
  })

  it('that browsers would refuse are named', async () => {
    const origins = ['https://www.example.com', 'http://shop.example.com']
    expect(await findingsOf(web, { publicUrl: 'http://chat.example.com', origins })).toEqual([
      expect.stringContaining('publicUrl 应为 https'),
      expect.stringMatching(/origins .*http:\/\/shop\.example\.com$/),
    ])
  })
})
