import { describe, expect, it } from 'vitest'
import { withBundler } from '../../src/core/with-bundler.ts'

describe('two who bundle at once', () => {
  it('do not end the bundler under each other', async () => {
    const bundle = (): Promise<string> =>
      withBundler(async ({ build, transform }) => {
        const { outputFiles } = await build({
          stdin: { contents: 'console.log(1 + 1)', loader: 'ts' },
          write: false,
          logLevel: 'silent',
          plugins: [],
        })
        await transform(outputFiles[0]?.text ?? '', { minify: true })
        return outputFiles[0]?.text ?? ''
      })
    // One is over while the other is still at it.
    const other = withBundler(async ({ transform }) => {
      await bundle()
      return (await transform('let one: number = 1', { loader: 'ts' })).code
    })
    expect(await bundle()).toContain('console.log')
    expect(await other).toContain('let one')
  })
})
