import { paths } from './personal-paths.ts'
import { internal, numbers, technical, words, type PersonalTables } from './personal-table.ts'

/** What was said, and complaint cases. */
export const saidTables: PersonalTables = {
  delivery_attempts: {
    title: words('发送尝试', 'Delivery attempts'),
    of: paths.outbox,
    erase: 'delete',
    leftOut: technical,
  },
  outbox: {
    title: words('待发与已发', 'Outbox'),
    // By the index of messages.
    of: paths.message,
    erase: 'delete',
    leftOut: technical,
  },
  message_search: {
    title: words('消息检索', 'Message search'),
    of: paths.message,
    erase: 'delete',
    leftOut: 'hashes of messages',
  },
  messages: {
    title: words('消息', 'Messages'),
    of: paths.conversation,
    erase: 'delete',
    exported: {
      columns: 'id conversation_id seq inbox_id direction author parts sent_at created_at decision',
      // Notes are what agents tell each other.
      where: "direction in ('in', 'out')",
    },
  },
  identity_checks: {
    title: words('身份核验', 'Identity checks'),
    of: paths.case,
    erase: 'delete',
    exported: { columns: 'id case_id address state created_at sent_at expires_at' },
  },
  case_evidence: {
    title: words('投诉证据', 'Evidence of complaints'),
    of: paths.case,
    erase: 'delete',
    exported: {
      columns: 'id case_id media_id name content_type bytes sha256 description added_at',
      // What the other side handed in is theirs.
      where: "side = 'reporter'",
    },
  },
  case_notices: {
    title: words('投诉告知', 'Notices of complaints'),
    of: paths.case,
    erase: 'delete',
    exported: { columns: 'id case_id about words at', where: "side = 'reporter'" },
  },
  case_events: {
    title: words('投诉经过', 'History of complaints'),
    of: paths.case,
    erase: 'delete',
    leftOut: internal,
  },
  case_actions: {
    title: words('处置请求', 'Requests to the moderation system'),
    of: paths.case,
    erase: 'delete',
    leftOut: 'about those who were reported',
  },
  complaint_objects: {
    title: words('被投诉对象', 'Reported objects'),
    of: paths.case,
    erase: 'delete',
    leftOut: 'stand in complaint_cases',
  },
  case_decisions: {
    title: words('投诉决定', 'Decisions on complaints'),
    of: paths.case,
    erase: {
      blank: { note: 'null', to_reported: 'null' },
      kept: 'id case_id round verdict reason policy_version reason_title hours state proposed_by proposed_by_name proposed_at settled_by settled_by_name settled_at',
      why: numbers,
    },
    exported: {
      columns: 'id case_id round verdict reason reason_title settled_at',
      where: "state = 'effective'",
    },
  },
  complaint_cases: {
    title: words('投诉案件', 'Complaint cases'),
    of: paths.ticket,
    erase: {
      blank: { objects: "'[]'::jsonb", rights: 'null::jsonb', identity: 'null::jsonb' },
      kept: 'id ticket_id kind state round deadlines due_at slowed appeal_until created_at updated_at version',
      why: numbers,
    },
    exported: {
      columns: 'id ticket_id kind state round objects rights identity appeal_until created_at',
    },
  },
}
