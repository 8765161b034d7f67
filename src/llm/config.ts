import { z } from 'zod'
import { answersConfig } from './answers-config.ts'
import { assistConfig } from './assist-config.ts'
import { providerNames, providers } from './providers.ts'

const price = z.coerce.number().min(0).max(100_000).default(0)

const address = z.url({ protocol: /^https?$/ })

const defaultAddresses = providerNames.map((name) => `${name} ${providers[name].baseUrl}`).join(', ')

const model = z
  .strictObject({
    provider: z
      .enum(providerNames)
      .describe(
        'Whose API it is: anthropic, or one of those that speak as OpenAI does. Any other server that does: openai, with its baseUrl.',
      ),
    baseUrl: address
      .optional()
      .meta({ examples: ['http://127.0.0.1:11434/v1'] })
      .describe(
        `Where it is reached: https, or http to this machine, a private address or a name of your own network (without a dot, or under local, internal or home.arpa); without user name and password. Redirects are not followed. Default by provider: ${defaultAddresses}.`,
      ),
    name: z
      .string()
      .min(1)
      .max(200)
      .meta({ examples: ['deepseek-chat'] })
      .describe('The model, as the provider calls it.'),
    apiKey: z
      .string()
      .min(1)
      .optional()
      .meta({ writeOnly: true })
      .describe(
        'The key that the provider gave you. Default none, which ollama and vllm take. Keep it in the environment.',
      ),
    structured: z
      .enum(['json_schema', 'function', 'json'])
      .optional()
      .describe(
        'How it is made to answer in a fixed shape: json_schema (response_format with the schema), function (arguments of a function), json (any JSON; the schema stands in the instructions). Default what the provider documents: json_schema for openai, ollama and vllm, function for anthropic, json for the others. anthropic has no json.',
      ),
    inputPrice: price.describe(
      'What a million tokens read costs, in the currency of your budget. Default 0: costs are not counted.',
    ),
    outputPrice: price.describe('What a million tokens written costs. Default 0.'),
    extraBody: z
      .record(z.string(), z.json())
      .default({})
      .meta({ examples: [{ enable_thinking: false }] })
      .describe(
        'Further members of every request, as the provider documents them, e.g. what switches off thinking aloud, which would be too slow. Default none.',
      ),
  })
  .superRefine(({ provider, apiKey, baseUrl, structured }, context) => {
    if (apiKey === undefined && baseUrl === undefined && providers[provider].needsKey)
      context.addIssue({ code: 'custom', path: ['apiKey'], message: `the key that ${provider} gave you` })
    if (provider === 'anthropic' && apiKey === undefined && baseUrl !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['apiKey'],
        message: 'a key; any, where the server wants none',
      })
    if (provider === 'anthropic' && structured === 'json')
      context.addIssue({ code: 'custom', path: ['structured'], message: 'function or json_schema' })
  })

const tokens = z.coerce.number().int().min(0).max(1_000_000_000_000)
const costs = z.coerce.number().min(0).max(1_000_000_000)

const budget = z
  .strictObject({
    tokensPerDay: tokens
      .default(2_000_000)
      .describe(
        'Tokens, read and written, that all nodes may use on one day of dialogue.timezone. Default 2000000. 0: none at all. Then the product goes on without a model until midnight.',
      ),
    costPerDay: costs
      .optional()
      .describe(
        'What a day may cost, in the currency of the prices, which it needs. Default no limit but that of tokens.',
      ),
    tokensPerConversation: tokens
      .default(40_000)
      .describe(
        'Tokens that one conversation may use on one day of dialogue.timezone: so many in the contact’s turns, and so many again in what agents have made of it. Default 40000.',
      ),
    costPerConversation: costs
      .optional()
      .describe(
        'What one conversation may cost on one day, counted in the same way; needs prices, too. Default no limit but that of tokens.',
      ),
  })
  .prefault({})

const breaker = z
  .strictObject({
    failures: z.coerce
      .number()
      .int()
      .min(1)
      .max(100)
      .default(5)
      .describe(
        'Failures in a row after which a model is left alone for a while; counted apart for contacts’ turns and for agents and editors. Default 5.',
      ),
    pauseMs: z.coerce
      .number()
      .int()
      .min(100)
      .max(3_600_000)
      .default(30_000)
      .describe(
        'Milliseconds it is left alone; then one call tries it. Default 30000. After a 429: as long as the provider asks, 5 minutes at most; so long where it does not say.',
      ),
  })
  .prefault({})

/** The `llm` section of the configuration: a language model that helps where it can. Without `model` there is none. */
export const llmConfig = z
  .strictObject({
    model: model
      .optional()
      .describe('The model that is asked. Default none: the product works without, and nothing is sent.'),
    fallback: model
      .optional()
      .describe('A second one, asked when the first fails or is left alone. Default none.'),
    timeoutMs: z.coerce
      .number()
      .int()
      .min(500)
      .max(8_000)
      .default(8_000)
      .describe(
        'Milliseconds for an answer in a contact’s turn, the second model included. Default and most 8000; then the product goes on without.',
      ),
    staffTimeoutMs: z.coerce
      .number()
      .int()
      .min(500)
      .max(75_000)
      .default(60_000)
      .describe(
        'Milliseconds for what agents and editors get from a model, the second one included: summaries, drafts, translations, contradictions. Default 60000, most 75000.',
      ),
    maxOutputTokens: z.coerce
      .number()
      .int()
      .min(16)
      .max(2_000)
      .default(1_000)
      .describe('Most tokens that one answer may have. Default 1000, most 2000.'),
    budget: budget.describe('What may be spent; a call that could go beyond it is not made.'),
    ...answersConfig,
    ...assistConfig,
    breaker: breaker.describe('When a model that fails is left alone, on each node by itself.'),
  })
  .prefault({})
  .superRefine(({ model: first, fallback, budget: { costPerDay, costPerConversation } }, context) => {
    if (first === undefined && fallback !== undefined)
      context.addIssue({ code: 'custom', path: ['model'], message: 'a model before the second one' })
    const costNothing = [first, fallback].every(
      (one) => one === undefined || (one.inputPrice === 0 && one.outputPrice === 0),
    )
    if (first !== undefined && costNothing && (costPerDay ?? costPerConversation) !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['model', 'inputPrice'],
        message: 'what a million tokens cost, as budget.costPerDay and costPerConversation are counted by it',
      })
  })

export type LlmConfig = z.infer<typeof llmConfig>
export type ModelConfig = z.infer<typeof model>
