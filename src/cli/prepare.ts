import pc from 'picocolors'
import type { Command } from 'commander'
import { buildDeskApp } from '../app/desk-app.ts'
import { packageCache } from '../core/package-cache.ts'
import { openWidgetFiles } from '../http/index.ts'
import { checkLine, print } from './terminal.ts'

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Makes one thing, or finds it made; gives why it could not be kept. Throws when it cannot be made. */
type Make = () => Promise<string | undefined>

/** What `make` says to `onUnkept`, if anything. */
const reasonOf =
  (make: (onUnkept: (error: unknown) => void) => Promise<unknown>): Make =>
  async () => {
    let reason: string | undefined
    await make((error) => (reason = messageOf(error)))
    return reason
  }

interface Launcher {
  readonly findBundle: (entry: string) => Promise<{ readonly problem?: string }>
}

/** What runs this command has made it by now, or says why not. */
const makeCommand: Make = async () => {
  // Plain JavaScript that nothing bundles: it finds its folders from where it lies.
  const { findBundle } = (await import(
    new URL('../launch/bundle.mjs', import.meta.url).href
  )) as unknown as Launcher
  return (await findBundle('src/main.ts')).problem
}

const made: readonly (readonly [name: string, make: Make])[] = [
  ['命令 command', makeCommand],
  ['工作台 desk', reasonOf((onUnkept) => buildDeskApp({ onUnkept }))],
  ['网页聊天 web chat', reasonOf(openWidgetFiles)],
]

/** Adds `tongda prepare`. */
export const addPrepare = (program: Command): void => {
  program
    .command('prepare')
    .description(
      '预先做好每个版本只做一次的文件，之后代码可以只读 make what is made once per version, so that the code may be read-only then',
    )
    .addHelpText('after', '\nExample:\n  npm ci --omit=dev --ignore-scripts && npm run -s tongda -- prepare')
    .action(async () => {
      let whole = true
      for (const [name, make] of made) {
        const reason = await make()
        if (reason !== undefined) whole = false
        print(checkLine(reason === undefined, name, reason))
      }
      if (!whole)
        throw new Error(
          `${packageCache} 写不进去，请用能写它的用户再运行一次 cannot be written; run this again as a user who may write there`,
        )
      print(pc.dim(`  在 in ${packageCache}`))
    })
}
