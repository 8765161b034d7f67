import type { Command } from 'commander'
import { checkContent } from '../app/content-files.ts'
import { addKnowledgeExchange } from './knowledge-exchange.ts'
import { addKnowledgeVersions } from './knowledge-versions.ts'
import { checkLine, print } from './terminal.ts'
import { loadConfig } from './settings.ts'

const addCheck = (kb: Command): void => {
  kb.command('check')
    .description(
      '检查全部文章、表单、意图和词典 check all articles, forms, intents and lexicons; every fault with file, line and what to do',
    )
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }, command: Command) => {
      const { faults, articles, intents, forms } = await checkContent(loadConfig(command))
      if (options.json === true) print(JSON.stringify({ articles, intents, forms, faults }))
      else {
        for (const { file, line, problem, fix } of faults) {
          print(checkLine(false, `${file}:${String(line)}  ${problem}`, fix))
        }
        print(
          checkLine(
            faults.length === 0,
            `${String(articles)} 篇文章 articles, ${String(intents)} 个意图 intents, ${String(forms)} 个表单 forms, ${String(faults.length)} 处错误 faults`,
          ),
        )
      }
      if (faults.length > 0) process.exitCode = 1
    })
}

/** Adds `tongda kb`. */
export const addKnowledge = (program: Command): void => {
  const kb = program.command('kb').description('知识库 the knowledge base')
  addCheck(kb)
  addKnowledgeVersions(kb)
  addKnowledgeExchange(kb)
}
