import type { Handling } from '../src/core/understanding.ts'
import type { Reading } from './interpret.ts'

/** What taking a message apart needs. */
interface QuestionReader {
  readonly read: (text: string) => Reading
  readonly handling: (reading: Reading) => Handling
}

/** Where one question ends and the next begins, marks kept with what they end. */
const apart =
  /(?<=[。!?;\n])|[,，、\s]+(?=(?:另外|还有|顺便|对了|再问|以及想问|also|and also|怎么|怎样|如何|咋|为什么|为啥|how (?:do|can|to)|what (?:is|are|if)|where (?:is|are|do|can)|why (?:is|are|do|can)|can i|when (?:is|will|do)))|(?:^|(?<=[\s。!?;,，、]))(?:\d{1,2}|[一二三四五])[.、)]\s*(?=\D)| (?=and (?:how|what|where|why|when|can) )/u

/** What makes a sentence ask rather than tell. */
const asks =
  /[?]|吗|么$|怎么|怎样|如何|咋|为什么|为啥|哪里|哪儿|在哪|多久|多少|几天|几个|什么|能不能|能否|可不可以|可以|是不是|有没有|何时|想问|请问|我[想要]|帮我|\b(?:how|what|where|why|when|which|can|could|may|is|are|do|does)\b/u

/** Words that join a question to the one before and say nothing of it. */
const joint =
  /^(?:另外|还有就是|还有|顺便(?:再)?(?:问|说)?(?:一?下)?|对了|再问(?:一?下)?|以及想问|然后|and also|also|and)[\s,，:：]*/u

const mostQuestions = 6
const leastLetters = 3
/** Below this a part says too little about its topic to be a question of its own. */
const believable = 0.5

const tidy = (part: string): string =>
  part
    .trim()
    .replace(joint, '')
    .replace(/[\s,，。!;；、]+$/u, '')

/** The parts of a normalised text that each ask something, in order; fewer than two: it is one question. */
export const splitApart = (text: string): readonly string[] => {
  const parts = text
    .split(apart)
    .map(tidy)
    .filter((part) => (part.match(/[\p{L}\p{N}]/gu)?.length ?? 0) >= leastLetters && asks.test(part))
  return parts.length < 2 ? [] : parts.slice(0, mostQuestions)
}

/** Two matters before what is asked of both: "退款和发票怎么弄". */
const shared =
  /^(?<first>[^\s,，。!?;]{2,12}?)(?:和|跟|与|以及|还有|、)(?<second>[^\s,，。!?;]{2,12}?)(?<asked>(?:分别|都)?(?:要|该|应该)?(?:怎么|怎样|如何|咋|在哪|去哪|多久|多少|能不能|可不可以)[^\s,，。!;]{1,12})$/u
/** Two matters are asked about only when each is surely one by itself; else the words belong together. */
const sure = 0.8

/** The two questions of a text that asks the same of two matters; empty when it does not. */
export const splitShared = (text: string): readonly string[] => {
  const { first, second, asked } = shared.exec(text.replace(/[\s?。!]+$/u, ''))?.groups ?? {}
  return first === undefined || second === undefined || asked === undefined
    ? []
    : [first + asked, second + asked]
}

const isQuestion = (reading: Reading, least: number, { handling }: QuestionReader): boolean =>
  reading.confidence >= least && ['faq', 'escalate', 'out-of-scope'].includes(handling(reading))

const readShared = (text: string, reader: QuestionReader): readonly Reading[] => {
  const own = splitShared(text).map((part) => reader.read(part))
  const topics = new Set(own.map(({ topic }) => topic))
  return topics.size === 2 && own.every((reading) => isQuestion(reading, sure, reader)) ? own : []
}

/** Readings of the questions of a message, in order; empty unless at least two ask for something of their own. */
export const readQuestions = (text: string, reader: QuestionReader): readonly Reading[] => {
  const parts = splitApart(text)
  if (parts.length < 2) return readShared(text, reader)
  const own = parts
    .map((part) => reader.read(part))
    .filter((reading) => isQuestion(reading, believable, reader))
  const matters = new Set(own.map(({ topic, candidates }) => candidates[0]?.target ?? `topic ${topic}`))
  return matters.size < 2 ? [] : own
}
