import { TongdaError } from '../core/errors.ts'

const packages = ['@langchain/core', '@langchain/openai', '@langchain/anthropic'] as const

/** Variables by which LangChain and the clients below it would send, print or redirect what they are given. */
const meddling = /^(?:LANGCHAIN_|LANGSMITH_|OPENAI_|ANTHROPIC_)/

/**
 * Takes the variables out of this process' environment by which LangChain traces to LangSmith, prints prompts, or takes
 * keys, addresses and organisations that the configuration does not name. What is asked of models goes to the configured
 * address alone, whatever is set on the machine.
 */
export const quietLangChain = (environment: NodeJS.ProcessEnv = process.env): void => {
  // `delete` and not an empty value: some of them count as set when they are empty.
  for (const name of Object.keys(environment))
    if (meddling.test(name)) Reflect.deleteProperty(environment, name)
}

const load = async () => {
  quietLangChain()
  const [openai, anthropic, messages] = await Promise.all([
    import('@langchain/openai'),
    import('@langchain/anthropic'),
    import('@langchain/core/messages'),
  ])
  return {
    ChatOpenAI: openai.ChatOpenAICompletions,
    ChatAnthropic: anthropic.ChatAnthropic,
    SystemMessage: messages.SystemMessage,
    HumanMessage: messages.HumanMessage,
  }
}
export type LangChain = Awaited<ReturnType<typeof load>>

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'

/** Loads LangChain, which is installed only where it is wanted. Rejects with `model_unavailable`, saying what to install. */
export const loadLangChain = async (): Promise<LangChain> => {
  try {
    return await load()
  } catch (error) {
    if (!isMissing(error)) throw error
    throw new TongdaError(
      'model_unavailable',
      `LangChain is not installed; run: npm install --include=optional, or npm install ${packages.join(' ')}`,
    )
  }
}
