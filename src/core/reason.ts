/**
 * Every reason the bot gives for what it decides, with the values its words name. `kinds` and `events` are codes that
 * have words of their own; shares are probabilities.
 */
export const reasonValues = {
  'nothing-to-answer': [],
  'person-leads': [],
  'contact-left': [],
  'greeted-before': [],
  followed: [],
  opened: [],
  'sticker-only': [],
  'sticker-again': [],
  'empty-message': [],
  'event-only': ['events'],
  'chose-person': [],
  'chose-question': ['question'],
  'chose-subject': ['subject'],
  'menu-subjects': [],
  'menu-text': [],
  'option-gone': [],
  'attachment-for-ticket': ['kinds'],
  'attachment-again': ['kinds'],
  'attachment-only': ['kinds'],
  danger: [],
  'topic-share': ['topic', 'share'],
  share: ['share'],
  'urgent-topic': ['topic'],
  'urgent-words': [],
  'asked-for-person': [],
  'callback-requested': [],
  'left-message': [],
  'for-person': [],
  'asked-by-program': ['program'],
  angry: ['strength', 'limit'],
  'persons-topic': ['topic'],
  'persons-article': ['question'],
  'article-share': ['question', 'share', 'limit'],
  chat: ['intent', 'share'],
  insult: ['share'],
  spam: ['share'],
  'replied-once': [],
  'out-of-scope': ['share', 'topic'],
  'open-ticket': [],
  vague: ['intent'],
  'best-below': ['share', 'limit'],
  'nothing-close': [],
  'failed-turns': ['count'],
  corrected: ['question'],
  'none-fits': [],
  'not-helped': [],
  'thumbed-down': [],
  'corrected-again': ['count'],
  'same-answer': ['question'],
  'things-only': ['things'],
  'suggestion-noted': ['cues'],
  'no-more-news': [],
  'tool-answered': ['tool'],
  'tool-failed': ['tool', 'failure'],
  'tool-asks': ['tool'],
  'tool-cancelled': ['tool'],
  'tool-repeated': ['tool'],
  'tool-expired': [],
  'survey-scored': ['score'],
  'survey-commented': [],
  'survey-stopped': [],
  'survey-agreed': [],
  'survey-over': [],
  'identity-code': [],
  'incident-notice': ['number'],
  'incident-followed': ['number'],
  'incident-left': [],
  'incident-over': [],
  'turn-failed': [],
  // Tickets.
  'split-off': ['number'],
  'low-score': ['score', 'number'],
  'still-unsolved': ['ticket'],
  'asks-for-ticket': [],
  // Forms; fields by their names.
  'form-started': ['form'],
  'form-question': ['form', 'field'],
  'form-taken': ['fields'],
  'form-unfit': ['field', 'count'],
  'form-required': ['field'],
  'form-skipped': ['field'],
  'form-changed': ['field'],
  'form-cancelled': ['form'],
  'form-complete': ['form'],
  'form-lapsed': ['form'],
  // What the understanding went by.
  // A language model.
  grounded: ['question', 'model'],
  reworded: ['question'],
  'model-refused': [],
  'model-unfounded': [],
  'model-failed': [],
  'not-reworded': ['why'],
  'in-context': [],
  'several-questions': [],
  'closest-question': ['question'],
  'same-question': [],
  'person-words': ['words'],
  'urgent-phrase': ['words', 'concern'],
  'emotion-words': ['words'],
  'emotion-heard': ['emotion', 'share'],
  'urgency-heard': ['urgency', 'share'],
  'abuse-heard': ['abuse', 'share'],
  'person-heard': ['wanted', 'share'],
  'unknown-words': [],
  'only-beginning': [],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type ReasonCode = keyof typeof reasonValues
type ValuesOf<Code extends ReasonCode> = Readonly<
  Record<(typeof reasonValues)[Code][number], string | number>
>

/** Why something was decided: data, put into words where it is read. */
export type Reason = {
  [Code in ReasonCode]: { readonly code: Code; readonly values: ValuesOf<Code> }
}[ReasonCode]

/** A reason as it lies in the store; earlier versions stored Chinese words. */
export type StoredReason = Reason | string

/** The languages that people at the desk read. */
export type DeskLanguage = 'zh' | 'en'
