/**
 * Words that are met in nearly every message of a language. `telling`: nothing in English, nor a name or a title there; one of
 * them alone says that English is not what is written. Of the others it takes three: "La Casa de Papel". Written without accents.
 */
const lists = (telling: string, usual: string) => ({
  telling: new Set(telling.split(/\s+/)),
  usual: new Set(usual.split(/\s+/)),
})
const foreign = [
  // Spanish
  lists(
    `hola gracias quiero puedo puede puedes necesito quisiera donde cuando porque estoy estan tengo tiene tienes hacer ayuda
    ayudar cuenta devolucion reembolso dinero contrasena buenos buenas usted ustedes muy pero ninguna ninguno cancelar
    recuperar quien cuanto cuanta iniciar sesion`,
    `el la los las lo un una unos unas de del al que y en mi tu su por para como con sin se me le ya si es son hay mas este
    esto esta senor mis nada`,
  ),
  // French
  lists(
    `bonjour bonsoir merci salut je j'ai j'aimerais c'est n'est qu'est vous nous votre vos suis etes avez peux peut pouvez
    voudrais veux pourquoi quand comprends aidez compte remboursement besoin aussi cette etre abonnement annuler`,
    `le la les l' d' un une des du de et est sont mon ma mes ne pas que qui il elle ils dans sur pour avec sans au aux ou ce ca
    tu mais plus svp notre aide tres`,
  ),
  // Portuguese
  lists(
    `ola obrigado obrigada nao voce voces meu minha quero preciso posso pode estou tenho muito conta ajuda dinheiro reembolso
    cancelar porque quando fazer senha consigo`,
    `o os um uma do da dos das no na nos nas de e em que como com por para sem se mais isso essa esse foi eu tem bom boa`,
  ),
  // Italian
  lists(
    `ciao grazie prego buongiorno buonasera voglio vorrei posso puo perche quando aiuto rimborso soldi annullare riesco questo
    questa anche hai abbonamento della dello degli`,
    `il lo la gli le un una uno di del dei che e in con per dove non si mi ma piu da al alla sono mio mia ho fare`,
  ),
  // German and Dutch
  lists(
    `hallo danke bitte ich meine meinen nicht kein keine sind habe haben kann konnen mochte brauche wie warum wann hilfe konto
    geld zuruck guten wurde wird werden niet mijn waarom een kan graag hulp terug`,
    `der die das den dem des ein eine einen und oder aber mit von zu zum zur auf im es wir ihr sie er van voor met op te de en
    mein ist hat dank ik hoe het`,
  ),
  // Polish, Turkish, Vietnamese, Indonesian
  lists(
    `dziekuje prosze dzien dobry konto pieniadze moje nie moge chce merhaba tesekkur tesekkurler nasil neden istiyorum hesap
    hesabim lutfen iade degil xin chao toi khong khon muon giup terima kasih tidak bagaimana akun uang tolong bisa kenapa
    mengapa`,
    `w na sie do z to jest bir ve bu icin mi la va cua duoc cho cam on ini itu dan yang di ke untuk apa ada jak tien saya`,
  ),
]

/** English that stands in nearly every message; what other languages write as well is not among it. */
const english = new Set(
  `about after again all and any are at back be been but by cant dont wont buy can can't cannot come could did didn't do does doesn't doing don't for
  from get give got had has have help how i i'm i've if in into is it it's just like know make me money more much my need no not now of
  off on out over please should so still than thank thanks that the their them then there these they this those to too up
  us use want was we were what what's when where which who why will with won't work would you your`.split(
    /\s+/,
  ),
)

/** Letters by which these languages are told; names have them in English, too. */
const marked = /[ñçßãõœøåąęłżźśćřěůűőğışđơư¿¡]/

/** Letters of Vietnamese that pinyin has not; and its greeting: in pinyin with marks both syllables would bear one. */
const vietnamese = /[ăđơưảạẳẵắằặẩẫấầậẻẽẹểễếềệỉĩịỏọổỗốồộởỡớờợủũụửữứừựỷỹỳỵ]|(?<!\p{L})xin chào(?!\p{L})/u

const onePinyin =
  '(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?(?:a|o|e|i|u|v|ai|ei|ui|ao|ou|iu|ie|ve|ue|er|an|en|in|un|vn|ang|eng|ing|ong|ia|iao|ian|iang|iong|ua|uo|uai|uan|uang)'
const syllable = new RegExp(`^${onePinyin}$`)
const syllables = new RegExp(`^(?:${onePinyin}){1,4}$`)

/** Whether a lower-case word without accents is one syllable of pinyin, or reads like one. */
export const isSyllable = (word: string): boolean => syllable.test(word)

/** Letters with the tones of pinyin, and those that the languages with accents of Western Europe have not. */
const pinyinOnly = /^[a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜńňǹ]+$/
const farTone = /[āǎēěīǐōǒūǔǖǘǚǜňǹ]/
const tones = /[\u0300\u0301\u0304\u030c]/g

/** Sounds that bear no accent in Western Europe: "shén", "bàn", "tuì"; unlike "où", "sí", "più" and "può". */
const farSound = /^(?:[zs]h[a-z]+|[b-df-hj-np-tw-z]+(?:[iu]?[aeiou]ng?|u?ai|ei|i?ao|ou|ui))$/

/** Letters of a word between pinyin that may be none: "vip", "app". */
const oddLength = 4

/**
 * Whether lower-case text in Latin letters is pinyin with tone marks, one short word aside. At least half of its syllables bear
 * one; what may as well be French, Spanish, Portuguese, Italian or Vietnamese is not.
 * `english`: words that stand for themselves where they bear no tone.
 */
export const isTonedPinyin = (text: string, english: ReadonlySet<string>): boolean => {
  const read = text.normalize('NFC')
  const words = read.match(/\p{Script=Latin}+/gu) ?? []
  if (vietnamese.test(read) || !words.every((word) => pinyinOnly.test(word))) return false
  const plain = words.map(bare)
  const odd = plain.filter((word, at) => !syllables.test(word) || (word === words[at] && english.has(word)))
  if (odd.length > 1 || odd.some((word) => word.length > oddLength)) return false
  const toned = plain.filter((word, at) => word !== words[at])
  const telling = farTone.test(read) || (words.length > 1 && toned.some((word) => farSound.test(word)))
  const vowels = plain.join(' ').match(/[aeiouv]+/g) ?? []
  return telling && 2 * (read.normalize('NFD').match(tones) ?? []).length >= vowels.length
}

/** First letters of pinyin and their like: `zfb`, `qq`. */
const abbreviation = /^[b-df-hj-np-tv-z]+$/

/** From this share of syllables and abbreviations on, Latin letters may be pinyin with something in between. */
const pinyinShare = 0.6

const bare = (word: string): string =>
  word.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ß', 'ss').replaceAll('ı', 'i').replaceAll('đ', 'd')

const count = (words: ReadonlySet<string>, known: ReadonlySet<string>): number =>
  [...words].filter((word) => known.has(word)).length

/** By so many characters the language is told; mails are longer. */
const mostRead = 2_000

/** Whether lower-case text in Latin letters is written in another language than English; in doubt it is not. */
export const isForeignLatin = (text: string): boolean => {
  // Codes, addresses and what is named by them are no language.
  const said = text
    .slice(0, mostRead)
    .split(/\s+/)
    .filter((one) => !/[\d@/_]/.test(one))
    .join(' ')
  const words = (said.match(/[\p{Script=Latin}\p{M}]+(?:['’][\p{Script=Latin}\p{M}]+)?/gu) ?? []).map(
    (word) => bare(word.replace('’', "'")),
  )
  const mayBePinyin = !vietnamese.test(said.normalize('NFC'))
  const chineseToo = new Set(mayBePinyin ? words.filter(isSyllable) : [])
  const chinese = words.filter((word) => chineseToo.has(word) || abbreviation.test(word)).length
  // A nickname in the middle of pinyin is one word at most.
  const [enough, enoughLikely] = chinese >= pinyinShare * words.length ? [1, Infinity] : [0, 2]
  const all = new Set(words)
  const inEnglish = count(all, english)
  const sign = marked.test(said) ? 1 : 0
  return foreign.some(({ telling, usual }) => {
    // "nao", "xin" and "hai" alone are Chinese as well as Portuguese, Vietnamese and Italian.
    const doubtful = count(chineseToo, telling)
    const sure = count(all, telling) - doubtful
    const likely = count(all, usual) + doubtful + sign
    return (sure > enough || likely > enoughLikely) && 2 * sure + likely > inEnglish * 2
  })
}
