// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "dialects/dialect.h"
#include "unit/dialects/dialect_words.h"

namespace gatehouse::test {

// One request of each dialect with odd spacing, escapes and numbers, so that any byte which is written anew shows.
struct SampleRequest {
    const char* dialect;
    std::string body;
    std::string model; // that the URL names; empty: the body does
};

inline std::vector<SampleRequest> sampleRequests() {
    const auto odd = [](const std::string& members) {
        return quoted("{ 'x~/y':[1.50e+00,-0,null,true,{}] ,\t" + members +
                      ",\r\n 'future' : {'deep':['caf\\u00e9','']} }");
    };
    const std::string chat =
        "'model' :'m', 'messages':[{'role':'system','content':'be kind'},\n{'content':'h\\u0069','role':'user'}]";
    return {
        {"openai.chat",
         odd("'model' :'m','messages':[{'role':'system','content':'be kind'},{'role':'user','content':[{'type':'text',"
             "'text':'a\\/b'},{'type':'image_url','image_url':{'url':'data:image/png;base64,AA=='}}]},"
             "{'role':'assistant','content':null,'tool_calls':[{'id':'1','type':'function','function':{'name':'f',"
             "'arguments':'{\\'k\\':1}'}}]},{'role':'tool','tool_call_id':'1','content':'\\ud83d\\ude00'}]"),
         ""},
        {"openai.responses", odd("'model':'m','instructions':'be kind','input':[{'role':'user','content':'h\\u0069'}]"),
         ""},
        {"openai.completions", odd("'model':'m','prompt':['one','two']"), ""},
        {"openai.embeddings", odd("'model':'m','input':['one','two']"), ""},
        {"anthropic.messages",
         odd("'model':'m','max_tokens':9,'system':[{'type':'text','text':'be kind'}],'messages':[{'role':'user',"
             "'content':[{'type':'text','text':'h\\u0069'}]}]"),
         ""},
        {"anthropic.count_tokens", odd("'model':'m','messages':[{'role':'user','content':'h\\u0069'}]"), ""},
        {"ollama.chat", odd(chat), ""},
        {"ollama.generate", odd("'model':'m','system':'be kind','prompt':'h\\u0069'"), ""},
        {"ollama.embed", odd("'model':'m','input':['one','two']"), ""},
        {"ollama.embeddings", odd("'model':'m','prompt':'one'"), ""},
        {"gemini.generate", odd("'contents':[{'role':'user','parts':[{'text':'h\\u0069'},{'text':'two'}]}]"), "m"},
        {"gemini.count", odd("'contents':[{'role':'user','parts':[{'text':'h\\u0069'}]}]"), "m"},
        {"gemini.embed", odd("'content':{'parts':[{'text':'h\\u0069'}]}"), "m"},
    };
}

} // namespace gatehouse::test
