import { z } from 'zod'

/** The encoder that lies in this repository. */
export const shippedModel = 'tongda-encoder-zh'

const origin = (value: string): boolean => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)

/** Section `encoder` of the configuration. */
export const encoderConfig = z
  .strictObject({
    model: z
      .string()
      .min(1)
      .default(shippedModel)
      .meta({ examples: [shippedModel, 'Xenova/bge-small-zh-v1.5', './models/ours', 'none'] })
      .describe(
        'What turns texts into vectors, for answers by meaning beside words. Default tongda-encoder-zh, which lies in models/; or a repository of the hub (owner/name) that tongda models pull fetched, or the path of a model folder (beginning with . or /), or none: words alone, which saves about 180 MB. At the first start answers go by words until all questions are encoded.',
      ),
    mirror: z
      .string()
      .refine(origin, 'must be an address, e.g. https://hf-mirror.com')
      .default('https://huggingface.co')
      .meta({ examples: ['https://hf-mirror.com'] })
      .describe(
        'The hub that tongda models pull fetches from. Default https://huggingface.co. Where that is out of reach, a mirror such as https://hf-mirror.com. Nothing else ever asks it.',
      ),
    folder: z
      .string()
      .min(1)
      .optional()
      .describe('Folder of models that were pulled. Default <dataDir>/models.'),
    threads: z.coerce
      .number()
      .int()
      .min(1)
      .max(64)
      .optional()
      .describe(
        'Threads of the network in each of its processes. Default half the cores, at least 1 and at most 4: texts are short, and more threads wait for each other. Very many texts (the first start) are encoded by two processes.',
      ),
  })
  .prefault({})
