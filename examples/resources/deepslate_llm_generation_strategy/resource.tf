resource "deepslate_llm_generation_strategy" "voice" {
  name = "Friendly voice"
  type = "phonebot-v2.1"
  parameters = jsonencode({
    temperature = 0.2
    voice = {
      provider = "elevenlabs"
      speed    = 1
    }
  })
}
