import { z } from 'zod'
import { complaintKinds, verdicts } from '../core/complaint.ts'
import type { PolicyList, PolicyReason } from '../core/complaint-work.ts'
import { TongdaError } from '../core/errors.ts'
import type { ComplaintKind, Verdict } from '../core/complaint.ts'
import type { ContentFault } from '../core/knowledge.ts'
import { fault, parseYaml, readContentFiles } from '../text/index.ts'

const both = (max: number) =>
  z.strictObject({
    zh: z.string().trim().min(1).max(max),
    en: z
      .string()
      .trim()
      .min(1)
      .max(max * 3),
  })

const reason = z
  .strictObject({
    code: z
      .string()
      .regex(/^[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)+$/, '应为 copyright.reupload 的样子 write it like that')
      .max(60),
    kinds: z.array(z.enum(complaintKinds)).min(1),
    verdicts: z.array(z.enum(verdicts)).min(1),
    title: both(40),
    toReported: both(300),
    toReporter: both(300),
    source: z.string().trim().min(1).max(200).optional(),
  })
  .transform(({ source, ...rest }): PolicyReason => ({
    ...rest,
    ...(source === undefined ? {} : { source }),
  }))

const file = z.strictObject({
  version: z.string().regex(/^[\w.-]{1,40}$/, '只能用字母、数字、点和横线 letters, digits, dots, hyphens'),
  reasons: z
    .array(reason)
    .min(1)
    .max(500)
    .refine((list) => new Set(list.map(({ code }) => code)).size === list.length, {
      error: '同一个 code 写了两次 a code is given twice',
    }),
})

const named = 'policy.yaml'

/** Reads the list of reasons from `policy.yaml` of a folder. Without faults there is a list. */
export const loadPolicy = async (
  folder: string,
): Promise<{ readonly policy?: PolicyList; readonly faults: readonly ContentFault[] }> => {
  const { files, faults } = await readContentFiles(folder, '.yaml')
  const found = files.find((one) => one.file === named)
  if (found === undefined)
    return {
      faults: [
        ...faults,
        fault(`${folder}/${named}`, 1, '没有投诉处理理由列表 the list of reasons is missing', '补上 add it'),
      ],
    }
  const parsed = parseYaml<PolicyList>(found, file)
  return parsed.ok ? { policy: parsed.value, faults } : { faults: [...faults, ...parsed.faults] }
}

/** The reason of this code, which must be one for the kind and the verdict. Throws `bad_input` with those that are. */
export const findReason = (
  { reasons }: PolicyList,
  code: string,
  { kind, verdict }: { readonly kind: ComplaintKind; readonly verdict: Verdict },
): PolicyReason => {
  const fitting = reasons.filter(({ kinds, verdicts: its }) => kinds.includes(kind) && its.includes(verdict))
  const found = fitting.find((one) => one.code === code)
  if (found !== undefined) return found
  const known = reasons.some((one) => one.code === code)
  throw new TongdaError(
    'bad_input',
    `${code} is ${known ? `no reason for ${verdict} on a complaint of kind ${kind}` : 'not on the policy list'}; choose ${
      fitting.map((one) => one.code).join(', ') || 'another decision: the list has no reason for this one'
    }`,
  )
}
