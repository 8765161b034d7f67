/** Builds the XML of passive replies. Source: developers.weixin.qq.com 被动回复用户消息. */
import { cleanText } from '../kit/index.ts'

/** A reply's fields: texts, numbers, groups; a list becomes `<item>` elements. */
export interface ReplyFields {
  readonly [name: string]: string | number | ReplyFields | readonly ReplyFields[]
}

const cdata = (text: string): string => `<![CDATA[${cleanText(text).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`

const isList = (field: ReplyFields | readonly ReplyFields[]): field is readonly ReplyFields[] =>
  Array.isArray(field)

const value = (field: ReplyFields[string]): string => {
  if (typeof field === 'string') return cdata(field)
  if (typeof field === 'number') return String(field)
  return isList(field) ? field.map((item) => `<item>${elements(item)}</item>`).join('') : elements(field)
}

const elements = (fields: ReplyFields): string =>
  Object.entries(fields)
    .map(([name, field]) => `<${name}>${value(field)}</${name}>`)
    .join('')

/** Fields as an XML document; texts go into CDATA, whatever they hold. */
export const buildXml = (fields: ReplyFields): string => `<xml>${elements(fields)}</xml>`
