// One message of each kind that is handed over, as WeCom writes it.
#pragma once

#include <map>
#include <string>

namespace hermes::test {

// By MsgType, or by Event.
inline const std::map<std::string, std::string>& inbound_samples() {
    static const auto event = [](const std::string& name, const std::string& rest) {
        return "<MsgType>event</MsgType><Event>" + name + "</Event>" + rest;
    };
    static const std::string place =
        "<Location_X>23.1</Location_X><Location_Y>113.3</Location_Y><Scale>16</Scale>"
        "<Label>广州塔</Label>";
    static const std::string scan =
        "<EventKey>k</EventKey><ScanCodeInfo><ScanType>qrcode</ScanType>"
        "<ScanResult>asset 4711</ScanResult></ScanCodeInfo>";
    static const std::map<std::string, std::string> samples{
        {"text", "<MsgType>text</MsgType><Content>你好</Content><MsgId>1</MsgId>"},
        {"image",
         "<MsgType>image</MsgType><PicUrl>https://p/1</PicUrl><MediaId>m1</MediaId>"
         "<MsgId>2</MsgId>"},
        {"voice",
         "<MsgType>voice</MsgType><MediaId>m2</MediaId><Format>amr</Format><MsgId>3</MsgId>"},
        {"video",
         "<MsgType>video</MsgType><MediaId>m3</MediaId><ThumbMediaId>t3</ThumbMediaId>"
         "<MsgId>4</MsgId>"},
        {"file",
         "<MsgType>file</MsgType><MediaId>m4</MediaId><FileName>report.pdf</FileName>"
         "<MsgId>5</MsgId>"},
        {"location",
         "<MsgType>location</MsgType>" + place + "<AppType>wxwork</AppType><MsgId>6</MsgId>"},
        {"link",
         "<MsgType>link</MsgType><Title>Rules</Title><Description>for travel</Description>"
         "<Url>https://e.example/rules</Url><PicUrl>https://e.example/cover</PicUrl>"
         "<MsgId>7</MsgId>"},
        {"click", event("click", "<EventKey>holidays</EventKey>")},
        {"scancode_push", event("scancode_push", scan)},
        {"scancode_waitmsg", event("scancode_waitmsg", scan)},
        {"location_select",
         event("location_select", "<EventKey>k</EventKey><SendLocationInfo>" + place +
                                      "<Poiname>East gate</Poiname></SendLocationInfo>")},
        {"template_card_event",
         event("template_card_event",
               "<EventKey>submit</EventKey><TaskId>t-42</TaskId>"
               "<CardType>vote_interaction</CardType><ResponseCode>secret</ResponseCode>"
               "<SelectedItems><SelectedItem><QuestionKey>lunch</QuestionKey><OptionIds>"
               "<OptionId>rice</OptionId><OptionId>soup</OptionId></OptionIds></SelectedItem>"
               "</SelectedItems>")},
        {"template_card_menu_event",
         event("template_card_menu_event",
               "<EventKey>mute</EventKey><TaskId>t-43</TaskId><CardType>text_notice</CardType>"
               "<ResponseCode>secret</ResponseCode>")},
    };
    return samples;
}

}  // namespace hermes::test
