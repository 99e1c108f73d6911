resource "deepslate_llm_generation_strategy" "main" {
  count           = {{count}}
  organization_id = format("22222222-2222-4222-8222-%012d", count.index % {{organizations}})
  name            = "voice-${count.index}"
  type            = "phonebot-v2.1"
  parameters      = jsonencode({ temperature = 0.2, voice = { speed = 1 } })
}
