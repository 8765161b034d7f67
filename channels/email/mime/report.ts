/** Reports of machines about a mail of ours. Sources: RFC 3464 (delivery), RFC 8098 (read receipts). */
import type { DeliveryGroup, MailReport } from './mail.ts'
import { bodyOf } from './repair.ts'
import type { MimePart } from './tree.ts'
import { headerOf, ownParts, parameterOf } from './tree.ts'

const maxGroups = 20

/** The fields of one group: names in lower case, folded lines joined. */
const fieldsOf = (block: string): ReadonlyMap<string, string> =>
  new Map(
    block
      .replace(/\r?\n[ \t]+/g, ' ')
      .split(/\r?\n/)
      .flatMap((line) => {
        const colon = line.indexOf(':')
        return colon < 1
          ? []
          : [
              [
                line.slice(0, colon).trim().toLowerCase(),
                line
                  .slice(colon + 1)
                  .trim()
                  .slice(0, 1_000),
              ] as const,
            ]
      }),
  )

const afterType = (value: string | undefined): string | undefined =>
  value === undefined ? undefined : value.slice(value.indexOf(';') + 1).trim()

const groupOf = (fields: ReadonlyMap<string, string>): DeliveryGroup => {
  const recipient = afterType(fields.get('final-recipient') ?? fields.get('original-recipient'))
  const action = fields.get('action')?.toLowerCase()
  const status = /\d\.\d{1,3}\.\d{1,3}/.exec(fields.get('status') ?? '')?.[0]
  const diagnostic = afterType(fields.get('diagnostic-code'))
  return {
    ...(recipient === undefined ? {} : { recipient: recipient.replace(/[<>]/g, '') }),
    ...(action === undefined ? {} : { action }),
    ...(status === undefined ? {} : { status }),
    ...(diagnostic === undefined ? {} : { diagnostic }),
  }
}

const idPattern = /<([^<>\s]{3,250})>/

const originalIdOf = (
  parts: readonly MimePart[],
  raw: string,
  ownField: string | undefined,
): string | undefined => {
  const said = idPattern.exec(ownField ?? '')?.[1]
  if (said !== undefined) return said
  for (const part of parts) {
    const inner =
      part.type === 'text/rfc822-headers'
        ? fieldsOf(bodyOf(raw, part).toString('latin1')).get('message-id')
        : part.type === 'message/rfc822' && part.children[0] !== undefined
          ? headerOf(part.children[0], 'message-id')
          : undefined
    const found = idPattern.exec(inner ?? '')?.[1]
    if (found !== undefined) return found
  }
  return undefined
}

/** The report a mail is; undefined when it is none. */
export const readReport = (root: MimePart, raw: string): MailReport | undefined => {
  if (root.type !== 'multipart/report') return undefined
  const parts = [...ownParts(root)]
  const machine = parts.find(({ type }) =>
    /^message\/(?:global-)?(?:delivery-status|disposition-notification)$/.test(type),
  )
  const said = parameterOf(root.contentType, 'report-type')?.toLowerCase()
  const kind = (said ?? machine?.type ?? '').includes('disposition') ? 'disposition' : 'delivery'
  const blocks =
    machine === undefined
      ? []
      : bodyOf(raw, machine)
          .toString('utf8')
          .trim()
          .split(/\r?\n[ \t]*\r?\n/)
  const groups = blocks.slice(0, maxGroups + 1).map(fieldsOf)
  const originalId = originalIdOf(parts, raw, groups[0]?.get('original-message-id'))
  return {
    kind,
    groups: groups.filter((fields) => fields.has('final-recipient') || fields.has('action')).map(groupOf),
    ...(originalId === undefined ? {} : { originalId }),
  }
}
