import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import pc from 'picocolors'
import { createAsk, parseQuestion, type Answer } from '../app/ask.ts'
import { openCommandModel, withHelpOn } from '../app/command-model.ts'
import { openContent } from '../app/content.ts'
import { openConfiguredEncoder } from '../app/encoder.ts'
import { TongdaError } from '../core/errors.ts'
import { createLog } from '../log.ts'
import { loadConfig } from './settings.ts'
import { fail, print } from './terminal.ts'

const explain = (answer: Answer): string =>
  [
    answer.reply,
    '',
    pc.dim(
      `${answer.kind} · ${answer.rule} · ${answer.topic} ${answer.confidence.toFixed(2)} · ${answer.intent} · ${answer.urgency} · ${answer.emotion} · ${answer.language} · ${String(answer.ms)} ms`,
    ),
    ...answer.candidates.map(({ article, score }) => pc.dim(`  ${score.toFixed(2)}  ${article}`)),
  ].join('\n')

/** Adds `tongda ask`. */
export const addAsk = (program: Command): void => {
  program
    .command('ask [text...]')
    .description('what the bot would answer, and why; no server and no database needed')
    .option(
      '--json',
      'read JSON lines {"text", "conversation"?, "channel"?} from standard input and write one a line',
    )
    .option(
      '--llm',
      'ask the configured language model too, where a conversation would (costs money; its budget counts this run alone)',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  npm run -s tongda -- ask 大会员怎么退款\n  npm run -s tongda -- ask --llm 买错了能退吗\n  echo \'{"text":"转人工"}\' | npm run -s tongda -- ask --json',
    )
    .action(async (words: string[], options: { json?: boolean; llm?: boolean }, command: Command) => {
      const config = loadConfig(command)
      const text = words.join(' ').trim()
      if (options.json !== true && text === '') {
        throw new TongdaError(
          'bad_input',
          'nothing was asked; write tongda ask 大会员怎么退款, or --json and lines on standard input',
        )
      }
      const log = createLog({ level: 'error' })
      const encoder = await openConfiguredEncoder(config, log)
      const content = await openContent(config, log, { watch: false, encoder })
      const help =
        options.llm === true ? (await openCommandModel({ config, content, encoder, log })).help : undefined
      const ask = createAsk(options.llm === true ? withHelpOn(config) : config, content, { help })
      if (options.json !== true) {
        print(explain(await ask({ text, channel: 'web' })))
        return
      }
      let number = 0
      for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
        number += 1
        if (line.trim() === '') continue
        try {
          print(JSON.stringify(await ask(parseQuestion(line, number))))
        } catch (error) {
          // Named, and the lines behind it are answered all the same.
          fail(error)
        }
      }
    })
}
