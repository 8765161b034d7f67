import type { Entity } from '../src/core/understanding.ts'

/** The word for a thing, where its id or address says nothing to a reader of words. */
const words: Readonly<Partial<Record<Entity['kind'], string>>> = {
  video: '视频',
  article: '专栏',
  'live-room': '直播间',
}

/** Kinds of which the words around the number tell the topic: "订单号 2026…", "UID 12345". */
const numbered: readonly Entity['kind'][] = ['uid', 'order', 'live-room']

const wordFor = ({ kind, text }: Entity): string => {
  const isAddress = /[./]/.test(text)
  if (numbered.includes(kind) && !isAddress) return text.replace(/[\d#＃:：]+/g, ' ')
  return words[kind] ?? ''
}

/** A text without the ids, numbers and addresses in it: they are no words, and would be searched as such. */
export const withoutEntities = (text: string, entities: readonly Entity[]): string =>
  entities.reduceRight((left, entity) => {
    const word = wordFor(entity)
    const isSaid = word !== '' && left.slice(entity.end).includes(word)
    return `${left.slice(0, entity.start)} ${isSaid ? '' : word} ${left.slice(entity.end)}`
  }, text)

/** What people say while they think, at the start and between words. */
const fillers =
  /(?:^|(?<=[\s,，。]))(?:(?:嗯+|呃+|额+|啊|喂|诶|欸|哎|那个|这个|就是说|就是|然后|你好|您好|我想(?:要)?(?:问|咨询|了解)一?下|想(?:问|咨询|了解)一?下|请问一?下|咨询一?下)[\s,，]*)+|(?:嗯|呃)+|就是说|那个(?=我|就是|什么|视频|会员|大会员|自动)|(?<=[我是])那个|来着(?=$|[\s,，。?？])/gu

/** A text without fillers, as a voice message has them; undefined when it has none, or nothing else. */
export const withoutFillers = (text: string): string | undefined => {
  const rest = text.replace(fillers, ' ').replace(/ {2,}/g, ' ').trim()
  return rest === text || (rest.match(/\p{L}/gu)?.length ?? 0) < 3 ? undefined : rest
}
