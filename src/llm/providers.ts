/** How a model is made to answer in a fixed shape. */
export type Structured = 'json_schema' | 'function' | 'json'

/** What is known of a provider. */
interface Provider {
  readonly api: 'openai' | 'anthropic'
  readonly baseUrl: string
  readonly structured: Structured
  readonly needsKey: boolean
}

export const providerNames = [
  'openai',
  'deepseek',
  'qwen',
  'kimi',
  'glm',
  'ollama',
  'vllm',
  'anthropic',
] as const
export type ProviderName = (typeof providerNames)[number]

const alike = { api: 'openai', structured: 'json', needsKey: true } as const
const own = { api: 'openai', structured: 'json_schema', needsKey: false } as const

/** Providers by name, with the addresses that they document. */
export const providers: Readonly<Record<ProviderName, Provider>> = {
  openai: { ...alike, baseUrl: 'https://api.openai.com/v1', structured: 'json_schema' },
  deepseek: { ...alike, baseUrl: 'https://api.deepseek.com/v1' },
  qwen: { ...alike, baseUrl: 'https://dashscope.aliyuncs.com/compatible-mode/v1' },
  kimi: { ...alike, baseUrl: 'https://api.moonshot.cn/v1' },
  glm: { ...alike, baseUrl: 'https://open.bigmodel.cn/api/paas/v4' },
  ollama: { ...own, baseUrl: 'http://127.0.0.1:11434/v1' },
  vllm: { ...own, baseUrl: 'http://127.0.0.1:8000/v1' },
  anthropic: {
    api: 'anthropic',
    baseUrl: 'https://api.anthropic.com',
    structured: 'function',
    needsKey: true,
  },
}
